"use client";

import * as Radix from "radix-ui/dialog";
import { type ReactNode, useRef } from "react";
import { Icon } from "./icon";

// The scroll lock writes a <style> element; the page's policy lets it in only with the page's nonce.
if (typeof document !== "undefined")
  Object.assign(globalThis, { __webpack_nonce__: document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce });

interface DialogProps {
  /** Leave both out for a dialog that its `trigger` opens. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactNode;
  title: string;
  /** One sentence under the title: what will happen. */
  description?: ReactNode;
  children: ReactNode;
  wide?: boolean;
  /** No head: the title is for assistive technology only. */
  bare?: boolean;
}

/** A modal dialog: focus stays inside, Escape closes, focus returns. Its content is mounted only while it is open. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  children,
  wide = false,
  bare = false,
}: DialogProps) {
  const before = useRef<Element | null>(null);
  const control = {
    ...(open === undefined ? {} : { open }),
    ...(onOpenChange === undefined ? {} : { onOpenChange }),
  };
  return (
    <Radix.Root {...control}>
      {trigger === undefined ? null : <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className={`dialog${wide ? " wide-dialog" : ""}${bare ? " bare-dialog" : ""}`}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            // Without a trigger of its own the library would leave the focus nowhere.
            if (trigger !== undefined) return;
            event.preventDefault();
            if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
          }}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
        >
          <header className={bare ? "vh" : ""}>
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
            <Radix.Close className="ib" aria-label="Close">
              <Icon name="close" />
            </Radix.Close>
          </header>
          {description === undefined ? null : (
            <Radix.Description asChild>
              <div className="mut">{description}</div>
            </Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Put it around a button that closes the dialog it stands in. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Radix.Close asChild>{children}</Radix.Close>;
}
