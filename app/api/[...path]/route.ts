import { Problem } from "@/lib/http/problem";

export const dynamic = "force-dynamic";

/** Programs ask below /api: what is not there is told them as a problem, not as a page. */
const nothing = (): Response =>
  new Problem("not-found", "There is nothing at this address. The API is /api/v1.").response();

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
