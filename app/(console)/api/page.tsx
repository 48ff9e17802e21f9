import type { Metadata } from "next";
import type { z } from "zod";
import { describe } from "@/app/api/v1/document";
import { ROUTES } from "@/app/api/v1/table";
import { Code } from "@/components/code";
import { PageHead, Section } from "@/components/section";
import { TabLinks } from "@/components/tab-links";
import { requireScope } from "@/domain/access/session";
import { env } from "@/lib/env";
import type { QueryRecord } from "@/lib/http/list-query";
import { PROBLEMS } from "@/lib/http/problem";
import { documentShape, type Operation, operationsByTag, typeOf } from "./operation";

export const metadata: Metadata = { title: "API" };

function Parameters({ operation }: { operation: Operation }) {
  if (operation.parameters.length === 0) return null;
  return (
    <table>
      <caption className="vh">Parameters of {operation.operationId}</caption>
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Values</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {operation.parameters.map((parameter) => (
          <tr key={parameter.name}>
            <th scope="row">
              <code>{parameter.name}</code>
            </th>
            <td className="wrap">{typeOf(parameter)}</td>
            <td className="wrap">{parameter.description ?? parameter.schema?.description ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OperationEntry({ operation }: { operation: Operation }) {
  const answer = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const content = Object.entries(answer?.[1].content ?? {})[0];
  return (
    <details id={operation.operationId}>
      <summary>
        <code>
          {operation.method} {operation.path}
        </code>{" "}
        <span className="dim">{operation.summary}</span>
      </summary>
      <p className="dim">{operation.description}</p>
      <Parameters operation={operation} />
      {operation.requestBody === undefined ? null : (
        <Code title="Body" text={JSON.stringify(operation.requestBody.content, null, 2)} />
      )}
      {content === undefined ? null : (
        <Code title={`Answer ${answer?.[0]}: ${content[0]}`} text={JSON.stringify(content[1], null, 2)} />
      )}
    </details>
  );
}

type Reference = z.infer<typeof documentShape>;
let written: { base: string; document: Reference } | undefined;
/** The document is the same for everybody until the process ends, and takes longer to write than to show. */
function reference(base: string): Reference {
  if (written?.base !== base) written = { base, document: documentShape.parse(describe(ROUTES, base)) };
  return written.document;
}

function Operations({ document, base }: { document: Reference; base: string }) {
  return (
    <>
      <Section title="First request" remark="Make a token under Settings. It is shown once.">
        <Code
          title="Shell"
          text={`curl -H "Authorization: Bearer $SEAWALL_TOKEN" "${base || "http://127.0.0.1:3000"}/api/v1/findings?severity=critical"`}
        />
      </Section>
      {[...operationsByTag(document)].map(([tag, operations]) => (
        <Section title={tag} key={tag}>
          {operations.map((operation) => (
            <OperationEntry operation={operation} key={operation.operationId} />
          ))}
        </Section>
      ))}
      <Section title="Problems" remark="application/problem+json: type, title, status, detail, next">
        <dl>
          {Object.entries(PROBLEMS).map(([code, problem]) => (
            <div id={`problem-${code}`} key={code}>
              <dt>
                <code>
                  {problem.status} {code}
                </code>
              </dt>
              <dd>
                {problem.title}. {problem.next}
              </dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}

function Shapes({ document }: { document: Reference }) {
  return (
    <Section title="Shapes" remark="What answers are made of">
      {Object.entries(document.components.schemas).map(([name, schema]) => (
        <details id={`schema-${name}`} key={name}>
          <summary>
            <code>{name}</code>
          </summary>
          <Code title={name} text={JSON.stringify(schema, null, 2)} />
        </details>
      ))}
    </Section>
  );
}

/** The reference of /api/v1, rendered from the OpenAPI document that /api/v1/openapi.json serves; its two halves are a page each. */
export default async function ApiPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  await requireScope();
  const shapes = (await searchParams).part === "shapes";
  const base = env().SEAWALL_URL?.replace(/\/$/, "") ?? "";
  const document = reference(base);
  return (
    <>
      <PageHead
        title="API"
        sub={
          <>
            What the console shows, by the same queries. As OpenAPI 3.1:{" "}
            <a className="lnk" href="/api/v1/openapi.json">
              /api/v1/openapi.json
            </a>
          </>
        }
      />
      <TabLinks
        label="Parts of the reference"
        tabs={[
          { href: "/api", label: "Operations", current: !shapes },
          { href: "/api?part=shapes", label: "Shapes", current: shapes },
        ]}
      />
      {shapes ? <Shapes document={document} /> : <Operations document={document} base={base} />}
    </>
  );
}
