import type { ReactNode } from "react";
import { Brand } from "./brand";

/** The frame of pages before the console: sign-in, first run, one-time link. */
export function Gate({ title, sub, children }: { title: string; sub: ReactNode; children: ReactNode }) {
  return (
    <main className="gate">
      <div className="card">
        <Brand />
        <div>
          <h1>{title}</h1>
          <p className="sub">{sub}</p>
        </div>
        {children}
      </div>
    </main>
  );
}
