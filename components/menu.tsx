"use client";

import * as Radix from "radix-ui/dropdown-menu";
import type { ReactNode } from "react";
import { Icon } from "./icon";

/** A menu under its trigger: arrows walk, letters jump, Escape closes. Not modal, so the page keeps scrolling. */
export function Menu({
  trigger,
  children,
  align = "end",
  onOpen,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  onOpen?: () => void;
}) {
  return (
    <Radix.Root modal={false} onOpenChange={(open) => (open ? onOpen?.() : undefined)}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="pop menu-pop" align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <Radix.Item className="item" onSelect={onSelect}>
      {children}
    </Radix.Item>
  );
}

/** A link in a menu; `download` for files. */
export function MenuLink({ href, download, children }: { href: string; download?: boolean; children: ReactNode }) {
  return (
    <Radix.Item className="item" asChild>
      <a href={href} {...(download === true ? { download: "" } : {})}>
        {children}
      </a>
    </Radix.Item>
  );
}

/** A choice that is on or off; the menu stays open. */
export function MenuCheck({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Radix.CheckboxItem
      className="item"
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className={checked ? "ck on" : "ck"} aria-hidden="true" />
      {children}
    </Radix.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="item-label">{children}</Radix.Label>;
}
export function MenuLine() {
  return <Radix.Separator className="item-line" />;
}

/** One of several: the menu closes with the choice. `value` null: none of them is chosen. */
export function MenuChoice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | null;
  options: readonly { value: string; label: ReactNode; text: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <Radix.RadioGroup aria-label={label} value={value ?? ""} onValueChange={onChange}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} className="item" value={option.value} textValue={option.text}>
          <span className="el">{option.label}</span>
          <Radix.ItemIndicator className="chosen">
            <Icon name="check" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
