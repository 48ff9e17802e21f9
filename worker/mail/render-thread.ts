import { parentPort } from "node:worker_threads";
import { render } from "@react-email/components";
import { createElement } from "react";
import { Mail } from "@/domain/notifications/components/mail";
import type { MailView } from "@/domain/notifications/mail/view";

// A thread of its own, since the worker runs with React's server condition, under which React renders no HTML.
parentPort?.on("message", ({ id, view }: { id: number; view: MailView }) => {
  render(createElement(Mail, { view })).then(
    (html) => parentPort?.postMessage({ id, html }),
    (error: unknown) =>
      parentPort?.postMessage({ id, problem: error instanceof Error ? error.message : String(error) }),
  );
});
