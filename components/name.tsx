import { Fragment } from "react";

/** A name from outside: isolated, so that right-to-left text turns nothing around it; whole in the title where it is cut. */
export function Name({ text, className = "" }: { text: string; className?: string }) {
  return (
    <bdi title={text} {...(className === "" ? {} : { className })}>
      {visible(text)}
    </bdi>
  );
}

/** A text from outside with long words, such as permissions: it breaks behind their dots, slashes and colons, within a part only where that is too long. */
export function Breaks({ text }: { text: string }) {
  return (
    <bdi>
      {visible(text)
        .split(/(?<=[./:])(?=\S)/)
        .map((part, index) => (
          <Fragment key={index}>
            {index === 0 ? null : <wbr />}
            {part}
          </Fragment>
        ))}
    </bdi>
  );
}

/** Control and direction characters as the sign that Unicode has for them, or `�`; invisible ones cannot hide a difference. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });
