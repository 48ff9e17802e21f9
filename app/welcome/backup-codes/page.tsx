import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Gate } from "@/components/gate";
import { destinationOf } from "@/domain/access/destination";
import { CodesLeft } from "@/domain/access/second-factor/components/codes-left";
import { backupCodesLeft } from "@/domain/access/second-factor/queries";
import { requireScope } from "@/domain/access/session";

export const metadata: Metadata = { title: "Backup codes" };

/** Where a sign-in with a backup code leads first: who uses the last one must not find out at the next. */
export default async function BackupCodesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const left = await backupCodesLeft(await requireScope());
  if (left === null) redirect("/");
  return (
    <Gate title="You used a backup code" sub={<CodesLeft left={left} />}>
      <a className="btn pri" href={destinationOf((await searchParams).to)}>
        Go on
      </a>
      <a className="btn" href="/settings/security">
        Make new codes
      </a>
    </Gate>
  );
}
