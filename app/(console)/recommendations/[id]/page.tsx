import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { stringify } from "yaml";
import { withParameters } from "@/components/address";
import { Code } from "@/components/code";
import { count, signed } from "@/components/format";
import { Mark } from "@/components/marks";
import { Prose } from "@/components/prose";
import { PageHead, Section } from "@/components/section";
import type { AccountScope } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import type { Distribution } from "@/domain/inventory/schema";
import { ControlHistory } from "@/domain/posture/components/control-history";
import { Fixes } from "@/domain/posture/components/fixes";
import { stepsFor, variants } from "@/domain/posture/components/remediation";
import { SeverityMark } from "@/domain/posture/components/severity";
import { unitOf } from "@/domain/posture/components/tables";
import { Unevaluated } from "@/domain/posture/components/unevaluated";
import { ExemptDialog } from "@/domain/posture/exemption/components/exempt-dialog";
import { exemptionRuleInForce } from "@/domain/posture/exemption/queries";
import { type AffectedExample, affectedBy, affectedClusters, affectedExamples } from "@/domain/posture/finding/queries";
import { fixFor } from "@/domain/posture/fix/fix";
import { fixTarget } from "@/domain/posture/fix/queries";
import { parameterChoices } from "@/domain/posture/parameter/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import { controlHistory } from "@/domain/posture/recommendation/history/queries";
import { readRecommendation } from "@/domain/posture/recommendation/list";
import { type Control, SCORE_GROUPS } from "@/domain/posture/schema";
import type { QueryRecord } from "@/lib/http/list-query";
import { readerZone } from "../../../zone";
import { narrowed } from "../../narrowed";
import { Affected, NoneAffected } from "./affected";

export const metadata: Metadata = { title: "Recommendation" };
const SHOWN = 50;
const PERIOD = 30;
const EVERYWHERE = { account: [], distribution: [], cluster: [] };
const DAY = 86_400_000;

/** A filled-in fix for each distribution's example; distributions for which the control says the same share the first one's. */
async function fixesOf(scope: AccountScope, control: Control, examples: readonly AffectedExample[]) {
  const said = new Map<string, { id: string; distributions: Distribution[] }>();
  for (const { id, distribution } of examples) {
    const words = JSON.stringify(stepsFor(control, distribution));
    const known = said.get(words);
    if (known === undefined) said.set(words, { id, distributions: [distribution] });
    else known.distributions.push(distribution);
  }
  const fixes = await Promise.all(
    [...said.values()].map(async ({ id, distributions }) => ({ distributions, target: await fixTarget(scope, id) })),
  );
  return fixes.flatMap(({ distributions, target }) =>
    target === null ? [] : [{ distributions, target, fix: fixFor(control, target) }],
  );
}

export default async function RecommendationPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<QueryRecord>;
}) {
  const whole = await requireScope();
  const { id } = await params;
  const { scope, place } = narrowed(whole, `/recommendations/${id}`, await searchParams);
  const control = (await controlCatalogue()).get(id);
  if (control === undefined) notFound();
  const now = new Date();
  const zone = await readerZone();
  const [affected, examples, hit, counts, history, places, rule] = await Promise.all([
    affectedBy(scope, id, SHOWN),
    affectedExamples(scope, id),
    affectedClusters(scope, id),
    readRecommendation(scope, id, EVERYWHERE),
    controlHistory(scope, id, new Date(now.getTime() - PERIOD * DAY), zone),
    parameterChoices(scope),
    exemptionRuleInForce(whole),
  ]);
  const fixes = await fixesOf(scope, control, examples);
  if (counts === null) notFound();
  const { remediation } = control;
  const listed = { control: control.id, ...place, exempted: counts.exempted > 0 ? "false" : "" };
  const exemptable = [
    ...places.clusters
      .filter((cluster) => hit.has(cluster.id))
      .map(({ id: cluster, name }) => ({ label: `Cluster ${name}`, targets: [{ control: id, cluster }] })),
    ...places.accounts.map(({ id: account, name }) => ({
      label: `Account ${name}`,
      targets: [{ control: id, account }],
    })),
    ...(places.fleet ? [{ label: "Everywhere", targets: [{ control: id }] }] : []),
  ];
  const commands = [
    ...variants(remediation.cli).map(({ name, text }) => ({ title: `${name} command line`.trim(), text })),
    ...variants(remediation.terraform).map(({ name, text }) => ({ title: `${name} Terraform`.trim(), text })),
    ...(remediation.patch === undefined ? [] : [{ title: "YAML patch", text: remediation.patch }]),
  ];
  return (
    <>
      <PageHead
        title={control.title}
        crumbs={
          <>
            <Link href={withParameters("/recommendations", place)}>Recommendations</Link>
            <span className="sep">/</span>
            {control.id}
          </>
        }
        sub={
          <>
            <SeverityMark severity={control.severity} /> · {SCORE_GROUPS[control.scoreGroup].title}
            {control.maturity === "stable" ? "" : ` · ${control.maturity}, not scored`}
          </>
        }
      >
        {exemptable.length === 0 ? null : (
          <ExemptDialog
            choices={exemptable}
            approval={rule.approval}
            names={[...new Set(affected.map(({ name }) => name))]}
          />
        )}
      </PageHead>
      <dl className="figs">
        <div>
          <dt>Unhealthy</dt>
          <dd>
            {count(counts.unhealthy)} <span className="u">{unitOf(control.appliesTo.resources, counts.unhealthy)}</span>
          </dd>
        </div>
        <div>
          <dt>Healthy</dt>
          <dd>{count(counts.healthy)}</dd>
        </div>
        {counts.exempted === 0 ? null : (
          <div>
            <dt>Exempted</dt>
            <dd>
              <Link href={withParameters("/findings", { control: control.id, ...place, exempted: "true" })}>
                {count(counts.exempted)}
              </Link>
            </dd>
          </div>
        )}
        <div>
          <dt>Not evaluated</dt>
          <dd>
            {counts.notEvaluated > 0 ? <Mark name="unknown" /> : null} {count(counts.notEvaluated)}
          </dd>
        </div>
        <div>
          <dt>Potential increase</dt>
          <dd>
            {counts.increase < 0.05 ? (
              <span className="zero">0.0</span>
            ) : (
              <span className="plus">{signed(counts.increase)}</span>
            )}{" "}
            <span className="u">points</span>
          </dd>
        </div>
        <div>
          <dt>Effort</dt>
          <dd>{remediation.effort}</dd>
        </div>
      </dl>
      <Unevaluated kinds={control.appliesTo.resources} amount={counts.notEvaluated} />
      <div className="two">
        <div>
          <Section title="Why it matters">
            <p className="prose">
              <Prose text={control.rationale} />
            </p>
          </Section>
          <Section title="Fix" remark={`effort ${remediation.effort}`}>
            {fixes.length > 0 ? (
              <Fixes fixes={fixes} />
            ) : (
              <>
                {variants(remediation.steps).map(({ name, text }) => (
                  <p className="prose" key={name}>
                    {name === "" ? "" : <b style={{ fontWeight: 600 }}>{name}: </b>}
                    <Prose text={text} />
                  </p>
                ))}
                <div className="steps">
                  {commands.map((command) => (
                    <Code key={command.title} {...command} />
                  ))}
                </div>
              </>
            )}
            <p className="note" style={{ marginTop: 8 }}>
              <Prose text={remediation.impact} />
            </p>
          </Section>
          <Section
            title="Unhealthy resources"
            remark={
              counts.notEvaluated > 0 ? `${count(counts.notEvaluated)} more could not be evaluated` : "oldest first"
            }
            more={{
              href: withParameters("/findings", listed),
              label: `All ${count(counts.unhealthy)}`,
            }}
          >
            {affected.length > 0 ? (
              <Affected rows={affected} listed={listed} now={now} />
            ) : (
              <NoneAffected counts={counts} />
            )}
          </Section>
          <Section title="The rule and its examples" remark="CEL, true means unhealthy; the examples are its tests">
            {control.appliesTo.when !== undefined && (
              <Code title="asked only of" text={control.appliesTo.when.trim()} wrap />
            )}
            <Code
              title={control.forEach === undefined ? "violates" : `violates, for each ${control.forEach}`}
              text={control.violates.trim()}
              wrap
            />
            <div className="eg">
              <div className="steps">
                {control.examples.pass.slice(0, 2).map((example) => (
                  <Code key={example.name} title={`Holds: ${example.name}`} text={stringify(example.resource)} />
                ))}
              </div>
              <div className="steps">
                {control.examples.fail.slice(0, 2).map((example) => (
                  <Code key={example.name} title={`Fails: ${example.name}`} text={stringify(example.resource)} />
                ))}
              </div>
            </div>
          </Section>
        </div>
        <div>
          <Section title="History" remark={`opened and resolved, ${PERIOD} days`}>
            <ControlHistory days={history} period={PERIOD} />
          </Section>
          {control.references.length === 0 ? null : (
            <Section title="References">
              {control.references.map((reference) => (
                <p key={reference} className="wrap">
                  <a className="lnk" href={reference} rel="noreferrer noopener" target="_blank">
                    {new URL(reference).hostname}
                  </a>
                </p>
              ))}
            </Section>
          )}
        </div>
      </div>
    </>
  );
}
