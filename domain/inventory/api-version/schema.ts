import { z } from "zod";
import { groupOf } from "../schema";

const release = z
  .string()
  .regex(/^1\.\d{1,3}$/, 'is a minor release in quotes, "1.34".')
  .transform((text) => Number(text.slice("1.".length)));
const version = z.string().regex(/^([a-z][a-z0-9.-]*\/)?v\d+((alpha|beta)\d+)?$/, "is an API version: batch/v1beta1.");
const kind = z.string().regex(/^[A-Z][A-Za-z]+$/, "is a kind: CronJob.");

const entrySchema = z
  .strictObject({
    version,
    kinds: z.array(kind).min(1),
    deprecated: release.optional(),
    removed: release.optional(),
    replacement: z
      .string()
      .regex(/^\S+( [A-Z][A-Za-z]+)?$/, "is an API version, with the kind behind it where that is another one.")
      .refine((text) => version.safeParse(text.split(" ", 1)[0]).success, "begins with an API version.")
      .optional(),
  })
  .refine((entry) => entry.deprecated !== undefined || entry.removed !== undefined, "is deprecated or removed.")
  .refine(
    ({ deprecated, removed }) => deprecated === undefined || removed === undefined || deprecated < removed,
    "is deprecated before it is removed.",
  )
  .refine((entry) => entry.replacement !== entry.version, "is not replaced by itself.");

/** What became of one version of some kinds; minor releases as numbers. Without `removed` it is still served. */
export type ApiVersion = z.infer<typeof entrySchema>;

/** `data/api-versions.yaml`: each version of a kind once. */
export const apiVersionsSchema = z
  .strictObject({
    newest: release,
    oldestSupported: release,
    alsoServed: z.array(z.strictObject({ version, kinds: z.array(kind).min(1) })),
    complete: z.array(kind),
    groups: z.array(z.strictObject({ group: z.string(), kinds: z.array(kind).min(1) })),
    versions: z.array(entrySchema).min(1),
  })
  .refine(({ newest, oldestSupported }) => oldestSupported <= newest, {
    path: ["oldestSupported"],
    message: "is not newer than the newest.",
  })
  .superRefine(({ alsoServed, complete, groups, versions }, context) => {
    const kindsOf = new Map(groups.map(({ group, kinds }) => [group, kinds]));
    for (const { version, kinds } of [...alsoServed, ...versions])
      for (const kind of kinds)
        if (kindsOf.get(groupOf(version))?.includes(kind) === false)
          context.addIssue({ code: "custom", path: ["groups"], message: `${version} ${kind} is missing.` });
    const told = new Set([...alsoServed, ...versions].flatMap(({ kinds }) => kinds));
    for (const [index, kind] of complete.entries())
      if (!told.has(kind))
        context.addIssue({ code: "custom", path: ["complete", index], message: `no version of ${kind} stands here.` });
    const seen = new Set<string>();
    for (const [index, entry] of versions.entries()) {
      for (const kind of entry.kinds) {
        const id = `${entry.version} ${kind}`;
        if (seen.has(id))
          context.addIssue({ code: "custom", path: ["versions", index], message: `${id} stands twice.` });
        seen.add(id);
      }
    }
  });
