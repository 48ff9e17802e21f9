"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Tells the server the reader's time zone, so that it writes dates in it; the page is asked anew when it changed. */
export function ReaderZone({ known }: { known: string }) {
  const router = useRouter();
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone === known || document.cookie.includes(`seawall-zone=${zone}`)) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser; this value is no secret.
    document.cookie = `seawall-zone=${zone}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [router, known]);
  return null;
}
