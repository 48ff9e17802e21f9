import { Heading, Link, Section, Text } from "@react-email/components";
import { LIGHT, MARKS } from "../mail/look";
import type { MailPlace, MailRow, MailSection } from "../mail/view";
import { Words } from "./mail";

const small = { margin: 0, fontSize: 12, lineHeight: "18px", color: LIGHT.dim };

function Row({ row, last }: { row: MailRow; last: boolean }) {
  const edge = last ? {} : { borderBottom: `1px solid ${LIGHT.line}` };
  return (
    <tr>
      <td
        className="edge"
        style={{ padding: "8px 12px 8px 0", verticalAlign: "top", wordBreak: "break-word", ...edge }}
      >
        <Text className="t-ink" style={{ margin: 0, fontSize: 14, lineHeight: "20px", color: LIGHT.ink }}>
          <Words text={row.title} />
        </Text>
        {row.detail === undefined ? null : (
          <Text className="t-dim" style={small}>
            <Words text={row.detail} />
          </Text>
        )}
      </td>
      <td
        className="edge t-ink"
        align="right"
        style={{
          padding: "8px 0",
          verticalAlign: "top",
          whiteSpace: "nowrap",
          fontSize: 14,
          lineHeight: "20px",
          fontWeight: 600,
          color: LIGHT.ink,
          ...edge,
        }}
      >
        {row.amount ?? ""}
      </td>
    </tr>
  );
}

function One({ section }: { section: MailSection }) {
  const { severity, rows } = section;
  return (
    <Section className="strong" style={{ borderTop: `1px solid ${LIGHT.strong}`, paddingTop: 12, marginTop: 20 }}>
      <Heading
        as="h3"
        className="t-ink"
        style={{ margin: "0 0 2px", fontSize: 15, lineHeight: "22px", fontWeight: 600, color: LIGHT.ink }}
      >
        {severity === null ? null : (
          <span aria-hidden="true" className={`t-${severity}`} style={{ color: LIGHT[severity] }}>
            {`${MARKS[severity]}\u00a0 `}
          </span>
        )}
        <Words text={section.heading} />
      </Heading>
      {section.note === undefined ? null : (
        <Text className="t-quiet" style={{ margin: "0 0 4px", fontSize: 13, lineHeight: "20px", color: LIGHT.quiet }}>
          <Words text={section.note} />
        </Text>
      )}
      {rows.length === 0 ? null : (
        <table width="100%" cellPadding={0} cellSpacing={0} role="presentation" style={{ borderCollapse: "collapse" }}>
          <tbody>
            {rows.map((row, index) => (
              <Row key={index} row={row} last={index === rows.length - 1} />
            ))}
          </tbody>
        </table>
      )}
      {section.more === undefined ? null : (
        <Text className="t-dim" style={small}>
          {section.more}
        </Text>
      )}
      {section.link === undefined ? null : (
        <Text style={{ margin: "4px 0 0", fontSize: 13, lineHeight: "20px" }}>
          <Link href={section.link.href} className="t-accent" style={{ color: LIGHT.accent, fontWeight: 500 }}>
            {section.link.label}
          </Link>
        </Text>
      )}
    </Section>
  );
}

/** What each place has to tell; a digest names its places. */
export function MailPlaces({ places }: { places: readonly MailPlace[] }) {
  return places.map((place, index) => (
    <Section key={index} style={{ paddingTop: place.name === null ? 0 : 20 }}>
      {place.name === null ? null : (
        <Heading
          as="h2"
          className="t-ink"
          style={{ margin: "8px 0 0", fontSize: 17, lineHeight: "24px", fontWeight: 600, color: LIGHT.ink }}
        >
          <Words text={place.name} />
        </Heading>
      )}
      {place.sections.map((section, at) => (
        <One key={at} section={section} />
      ))}
    </Section>
  ));
}
