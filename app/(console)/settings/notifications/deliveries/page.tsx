import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { Empty } from "@/components/empty";
import { count } from "@/components/format";
import { Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { DeliveryTable } from "@/domain/notifications/components/deliveries";
import { HeldTable } from "@/domain/notifications/components/held";
import { countDeliveries, listDeliveries, listHeld } from "@/domain/notifications/queries";
import { DELIVERY_STATES } from "@/domain/notifications/schema";
import { uuid } from "@/lib/uuid";
import { readerZone } from "../../../../zone";

export const metadata: Metadata = { title: "Deliveries" };

const STATES = { queued: "Waiting", sending: "Sending", sent: "Sent", failed: "Gave up", dropped: "Dropped" } as const;
const querySchema = z.object({
  state: z.enum(DELIVERY_STATES).nullable().catch(null),
  before: uuid().nullable().catch(null),
});

export default async function DeliveriesPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const scope = await requireScope();
  const { state = null, before = null } = await searchParams;
  const filter = querySchema.parse({ state, before });
  const [{ rows, more }, counts, held, zone] = await Promise.all([
    listDeliveries(scope, filter),
    countDeliveries(scope),
    listHeld(scope),
    readerZone(),
  ]);
  const now = new Date();
  const all = hasRole(scope, "Security Admin");
  const href = (change: { state?: string | null; before?: string }) => {
    const next = { state: filter.state, ...change };
    const query = new URLSearchParams(
      Object.entries(next).flatMap(([key, value]) => (value == null ? [] : [[key, value]])),
    );
    return query.size === 0 ? "/settings/notifications/deliveries" : `/settings/notifications/deliveries?${query}`;
  };
  const last = rows[rows.length - 1];
  return (
    <>
      {held.length === 0 ? null : (
        <Section
          title="Held"
          remark={`${count(held.length)} ${all ? "for everybody" : "for you"}; each leaves in a digest by itself`}
        >
          <HeldTable rows={held} now={now} timeZone={zone} who={all} />
        </Section>
      )}
      <Section title="Mails" remark={all ? "of the last 90 days" : "to you, of the last 90 days"}>
        <nav className="seg" aria-label="State" style={{ marginBottom: 8, maxWidth: "100%", overflowX: "auto" }}>
          <Link
            href={href({ state: null })}
            prefetch={false}
            {...(filter.state === null ? { "aria-current": "true" as const } : {})}
          >
            All
          </Link>
          {DELIVERY_STATES.filter((one) => counts[one] > 0 || one === filter.state).map((one) => (
            <Link
              key={one}
              href={href({ state: one })}
              prefetch={false}
              {...(filter.state === one ? { "aria-current": "true" as const } : {})}
            >
              {STATES[one]} {count(counts[one])}
            </Link>
          ))}
        </nav>
        {rows.length === 0 ? (
          <Empty title={filter.state === null ? "No mail in the last 90 days" : "No mail is in this state"}>
            <p>Every mail is listed here with what became of it, and why.</p>
          </Empty>
        ) : (
          <DeliveryTable rows={rows} now={now} timeZone={zone} mayRetry={all} />
        )}
        <div className="acts">
          {filter.before === null ? null : (
            <Link className="btn" href={href({})} prefetch={false}>
              Newest
            </Link>
          )}
          {more && last !== undefined ? (
            <Link className="btn" href={href({ before: last.id })} prefetch={false}>
              Older
            </Link>
          ) : null}
        </div>
      </Section>
    </>
  );
}
