import type { AddressInfo, Socket } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** What the sink does with a mail. `hang`: takes the text and never answers. `die`: cuts the line in the middle of the text. */
export type SinkMood = "accept" | "greylist" | "refuse" | "hang" | "die" | "busy";

export interface TakenMail {
  raw: string;
  from: string;
  to: string[];
  mail: Email;
}

/** A mail server for tests on a port of its own: accepts, defers, refuses, hangs or dies. */
export class MailSink {
  readonly taken: TakenMail[] = [];
  /** By recipient; `*` for everybody else. */
  readonly moods = new Map<string, SinkMood>([["*", "accept"]]);
  /** Attempts by recipient, whatever became of them. */
  readonly attempts = new Map<string, number>();
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();

  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: options.key === undefined ? ["STARTTLS"] : [],
      logger: false,
      onRcptTo: ({ address }, _session, callback) => {
        this.attempts.set(address, (this.attempts.get(address) ?? 0) + 1);
        const mood = this.#mood(address);
        if (mood === "greylist") return callback(answer(451, "4.7.1 Greylisted, please try again in 5 minutes"));
        if (mood === "refuse") return callback(answer(550, "5.1.1 No such user here"));
        if (mood === "busy") return callback(answer(421, "4.3.2 Service shutting down"));
        callback();
      },
      onData: (stream, session, callback) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const mood = this.#mood(to[0] ?? "");
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          if (mood === "die") for (const socket of this.#sockets) socket.destroy();
        });
        stream.on("end", async () => {
          if (mood === "hang" || mood === "die") return;
          const raw = Buffer.concat(chunks).toString("utf8");
          const from = session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address;
          this.taken.push({ raw, from, to, mail: await PostalMime.parse(raw) });
          callback(null, "2.0.0 taken");
        });
      },
      ...options,
    });
    // The socket below a TLS one must be left alone: destroying it ends the process.
    if (options.key === undefined)
      this.#server.server.on("connection", (socket: Socket) => {
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket));
      });
    this.#server.on("error", () => undefined); // broken lines are what some tests are about
  }

  #mood(address: string): SinkMood {
    return this.moods.get(address) ?? this.moods.get("*") ?? "accept";
  }

  /** Listens on loopback and resolves with the port. */
  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

const answer = (code: number, message: string): Error => Object.assign(new Error(message), { responseCode: code });
