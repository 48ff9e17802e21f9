"use client";

import * as Radix from "radix-ui/popover";
import type { ReactNode } from "react";

interface PopoverProps {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger: ReactNode;
  /** Names it for assistive technology. */
  label: string;
  align?: "start" | "end";
  children: ReactNode;
}

/** A small panel under its trigger: Escape or a click beside it closes, focus returns. */
export function Popover({ open, onOpenChange, trigger, label, align = "start", children }: PopoverProps) {
  const control = {
    ...(open === undefined ? {} : { open }),
    ...(onOpenChange === undefined ? {} : { onOpenChange }),
  };
  return (
    <Radix.Root {...control}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="pop" aria-label={label} align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
