import { dispatch } from "../dispatch";
import { ROUTES } from "../table";

export const dynamic = "force-dynamic";

const serve = async (request: Request, { params }: { params: Promise<{ path?: string[] }> }): Promise<Response> =>
  dispatch(ROUTES, request, (await params).path ?? []);

export { serve as DELETE, serve as GET, serve as PATCH, serve as POST, serve as PUT };
