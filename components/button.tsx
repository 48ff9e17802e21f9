import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./icon";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** One primary button a view; `ghost` has no border until hovered. */
  variant?: "primary" | "plain" | "ghost";
  small?: boolean;
  icon?: IconName;
  /** Work is under way: the button keeps its width, says so to assistive technology and cannot be pressed again. */
  pending?: boolean;
  children: ReactNode;
}

const CLASS = { primary: "btn pri", plain: "btn", ghost: "btn ghost" } as const;

/** A button with a verb on it. `type` is `button` unless given, so that it never submits by accident. */
export function Button({
  variant = "plain",
  small = false,
  icon,
  pending = false,
  disabled = false,
  type = "button",
  className = "",
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={`${CLASS[variant]}${small ? " sml" : ""} ${className}`.trim()}
      disabled={disabled || pending}
      aria-busy={pending}
      {...rest}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}
