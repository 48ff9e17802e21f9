import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { MailView } from "@/domain/notifications/mail/view";

const answerShape = z.object({ id: z.number(), html: z.string().optional(), problem: z.string().optional() });
const PATIENCE_MS = 30_000;
const IDLE_MS = 60_000;

/** Renders mails to HTML in a thread that starts with the first one and ends, with its 60 MB, a minute after the last. */
export class MailRenderer {
  #thread: Worker | undefined;
  #next = 0;
  #idle: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<number, { resolve: (html: string) => void; reject: (error: Error) => void }>();

  /** The HTML of a mail. Rejects when it cannot be rendered within half a minute; the next call starts anew. */
  async html(view: MailView): Promise<string> {
    const thread = this.#open();
    clearTimeout(this.#idle);
    const id = this.#next++;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        timer = setTimeout(() => {
          reject(new Error("A mail could not be rendered in time."));
          this.close();
        }, PATIENCE_MS);
        thread.postMessage({ id, view });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
      this.#idle = setTimeout(() => this.#waiting.size === 0 && this.close(), IDLE_MS).unref();
    }
  }

  /** Ends the thread. */
  close(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    void thread?.terminate();
  }

  #open(): Worker {
    if (this.#thread !== undefined) return this.#thread;
    const thread = new Worker(new URL("./render-thread.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
    const lost = (error: Error): void => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
    };
    thread.on("message", (message: unknown) => {
      const { id, html, problem } = answerShape.parse(message);
      const waiting = this.#waiting.get(id);
      if (html !== undefined) waiting?.resolve(html);
      else waiting?.reject(new Error(problem ?? "A mail could not be rendered."));
    });
    thread.on("error", lost);
    thread.on("exit", () => lost(new Error("The thread that renders mails ended.")));
    thread.unref();
    this.#thread = thread;
    return thread;
  }
}
