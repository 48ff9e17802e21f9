import Link from "next/link";
import { PageHead } from "@/components/section";

/** What an address of the console names is not there, or not for this reader; which of the two is nobody's business. */
export default function NotFound() {
  return (
    <PageHead title="There is nothing here" sub="It is gone, the address is wrong, or your roles do not reach it.">
      <Link className="btn" href="/" prefetch={false}>
        Overview
      </Link>
    </PageHead>
  );
}
