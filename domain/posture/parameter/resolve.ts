import type { Control } from "../schema";
import { PARAMETER_SCOPES, type ParameterScope } from "./schema";
import { type Parameters, valueSchema } from "./value";

/** Parameters as they are stored for one place. */
export interface StoredOverride {
  controlId: string;
  scope: ParameterScope;
  namespace: string;
  params: Parameters;
}

/** The controls of one cluster with their parameters in force, and those of namespaces that have others. */
export interface ControlSet {
  controls: readonly Control[];
  namespaces: ReadonlyMap<string, readonly Control[]>;
}

/** The control with some of its parameters replaced; what no longer fits the control's own is left out. The same object when nothing changes. */
function withParams(control: Control, given: readonly Parameters[]): Control {
  const params = { ...control.params };
  let changed = false;
  for (const [name, value] of given.flatMap((one) => Object.entries(one))) {
    if (!Object.hasOwn(control.params, name) || !valueSchema(control.params[name]).safeParse(value).success) continue;
    params[name] = value;
    changed = true;
  }
  return changed ? { ...control, params } : control;
}

/** Puts the parameters of one cluster's places into its controls: fleet, then account, then cluster, then namespace; the nearer wins, one by one. */
export function resolveParameters(controls: readonly Control[], overrides: readonly StoredOverride[]): ControlSet {
  if (overrides.length === 0) return { controls, namespaces: new Map() };
  const ordered = [...overrides].sort((a, b) => PARAMETER_SCOPES.indexOf(a.scope) - PARAMETER_SCOPES.indexOf(b.scope));
  const resolved = (within: string | null): readonly Control[] =>
    controls.map((control) => {
      const own = ordered.filter(
        ({ controlId, scope, namespace }) =>
          controlId === control.id && (scope !== "namespace" || namespace === within),
      );
      return own.length === 0
        ? control
        : withParams(
            control,
            own.map(({ params }) => params),
          );
    });
  const namespaces = new Set(ordered.filter(({ scope }) => scope === "namespace").map(({ namespace }) => namespace));
  return {
    controls: resolved(null),
    namespaces: new Map([...namespaces].sort().map((name) => [name, resolved(name)])),
  };
}
