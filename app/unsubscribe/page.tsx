import type { Metadata } from "next";
import { Gate } from "@/components/gate";
import { UnsubscribeForm } from "@/domain/notifications/components/unsubscribe-form";
import { recipientMask } from "@/domain/notifications/queries";
import { recipientOfToken } from "@/domain/notifications/unsubscribe-token";
import { loadKeyRing } from "@/lib/crypto-key";
import { dataDir, env } from "@/lib/env";

export const metadata: Metadata = { title: "Unsubscribe" };

/** Public: the signed token is all that is asked for. */
export default async function UnsubscribePage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { token } = await searchParams;
  const text = typeof token === "string" ? token.slice(0, 200) : "";
  const id = recipientOfToken(text, loadKeyRing({ key: env().SEAWALL_KEY, dataDir: dataDir() }));
  const recipient = id === null ? null : await recipientMask(id);
  if (recipient === null) {
    return (
      <Gate title="Unsubscribe" sub="This link is incomplete or belongs to nobody any more. Copy it again, whole.">
        {null}
      </Gate>
    );
  }
  return recipient.unsubscribed ? (
    <Gate title="Unsubscribed" sub={`${recipient.address} gets no notifications from Seawall.`}>
      {null}
    </Gate>
  ) : (
    <Gate title="Unsubscribe" sub={`Seawall mails notifications to ${recipient.address}. End all of them?`}>
      <UnsubscribeForm token={text} />
    </Gate>
  );
}
