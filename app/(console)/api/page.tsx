import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
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

/** What an entry's line says; the page of the line's address has the entry open. */
function Line({ href, id, children }: { href: string; id: string; children: ReactNode }) {
  return (
    <p className="api-line" id={id}>
      <Link href={`${href}#${id}`} prefetch={false}>
        {children}
      </Link>
    </p>
  );
}

function OperationHead({ operation: { method, path, summary } }: { operation: Operation }) {
  return (
    <>
      <code>
        {method} {path}
      </code>{" "}
      <span className="dim">{summary}</span>
    </>
  );
}

function OperationEntry({ operation }: { operation: Operation }) {
  const answer = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const content = Object.entries(answer?.[1].content ?? {})[0];
  return (
    <section className="api-entry" id={operation.operationId}>
      <h3>
        <OperationHead operation={operation} />
      </h3>
      <p className="dim">{operation.description}</p>
      <Parameters operation={operation} />
      {operation.requestBody === undefined ? null : (
        <Code title="Body" text={JSON.stringify(operation.requestBody.content, null, 2)} />
      )}
      {content === undefined ? null : (
        <Code title={`Answer ${answer?.[0]}: ${content[0]}`} text={JSON.stringify(content[1], null, 2)} />
      )}
    </section>
  );
}

type Reference = z.infer<typeof documentShape>;
let written: { base: string; document: Reference } | undefined;
/** The document is the same for everybody until the process ends, and takes longer to write than to show. */
function reference(base: string): Reference {
  if (written?.base !== base) written = { base, document: documentShape.parse(describe(ROUTES, base)) };
  return written.document;
}

/** Every operation in a line, and the one that is asked for whole: all of them together are a third of a megabyte. */
function Operations({ document, base, open }: { document: Reference; base: string; open: string }) {
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
          {operations.map((operation) =>
            operation.operationId === open ? (
              <OperationEntry operation={operation} key={open} />
            ) : (
              <Line href={`/api?open=${operation.operationId}`} id={operation.operationId} key={operation.operationId}>
                <OperationHead operation={operation} />
              </Line>
            ),
          )}
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

function Shapes({ document, open }: { document: Reference; open: string }) {
  return (
    <Section title="Shapes" remark="What answers are made of">
      {Object.entries(document.components.schemas).map(([name, schema]) => {
        const id = `schema-${name}`;
        return name === open ? (
          <section className="api-entry" id={id} key={name}>
            <h3>
              <code>{name}</code>
            </h3>
            <Code title={name} text={JSON.stringify(schema, null, 2)} />
          </section>
        ) : (
          <Line href={`/api?part=shapes&open=${encodeURIComponent(name)}`} id={id} key={name}>
            <code>{name}</code>
          </Line>
        );
      })}
    </Section>
  );
}

/** The reference of /api/v1, rendered from the OpenAPI document that /api/v1/openapi.json serves; its two halves are a page each. */
export default async function ApiPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  await requireScope();
  const asked = await searchParams;
  const shapes = asked.part === "shapes";
  const open = typeof asked.open === "string" ? asked.open : "";
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
      {shapes ? <Shapes document={document} open={open} /> : <Operations document={document} base={base} open={open} />}
    </>
  );
}
