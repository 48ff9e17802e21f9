"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiError } from "./list/fetch";

const RETRIES = 2;
/** How long the browser keeps what no list shows. On the server a timer would hold the rows of every page that was drawn for as long. */
const KEPT_MS = typeof window === "undefined" ? Number.POSITIVE_INFINITY : 10 * 60_000;

/** One cache for a visit: lists keep their pages while one looks at a detail and comes back. */
export function QueryCache({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 30_000,
            gcTime: KEPT_MS,
            refetchOnWindowFocus: false, // the event stream says when something changed
            retry: (failures, error) =>
              failures < RETRIES && !(error instanceof ApiError && error.status < 500 && error.status !== 429),
          },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
