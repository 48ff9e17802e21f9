import { Body, Button, Container, Head, Heading, Html, Link, Preview, Section, Text } from "@react-email/components";
import { Fragment } from "react";
import { LIGHT, SANS, STYLE } from "../mail/look";
import type { MailView } from "../mail/view";
import { linkless } from "../mail/words";
import { MailPlaces } from "./mail-places";

/** Words from outside: a client that makes links of bare words finds none, and a name in another direction stays in its place. */
export function Words({ text }: { text: string }) {
  const pieces = linkless(text);
  return (
    <bdi>
      {pieces.map((piece, index) => (
        // The pieces of one text never move.
        <Fragment key={index}>{index === 0 ? piece : <span>{piece}</span>}</Fragment>
      ))}
    </bdi>
  );
}

/** Every mail of Seawall. No picture, no font, nothing that is loaded; tables and inline styles, since clients know little else. */
export function Mail({ view }: { view: MailView }) {
  const line = { fontSize: 14, lineHeight: "22px", margin: "0 0 8px", color: LIGHT.quiet };
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>{view.subject}</title>
        {/* Our own constant; no word from outside is in it. */}
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </Head>
      <Preview>{view.preview}</Preview>
      <Body className="ground" style={{ backgroundColor: LIGHT.ground, margin: 0, padding: 0, fontFamily: SANS }}>
        <Section className="outer" style={{ padding: "32px 12px" }}>
          <Container
            className="paper edge"
            style={{
              maxWidth: 600,
              width: "100%",
              backgroundColor: LIGHT.paper,
              border: `1px solid ${LIGHT.line}`,
              borderRadius: 8,
              borderCollapse: "separate",
            }}
          >
            <Section className="in" style={{ padding: "24px 32px 28px" }}>
              <Text
                className="t-ink"
                style={{
                  margin: 0,
                  fontSize: 15,
                  lineHeight: "20px",
                  fontWeight: 700,
                  letterSpacing: "-.02em",
                  color: LIGHT.ink,
                }}
              >
                Seawall
              </Text>
              <div
                className="rule"
                style={{ width: 20, height: 3, backgroundColor: LIGHT.accent, margin: "6px 0 24px" }}
              />
              <Heading
                as="h1"
                className="t-ink"
                style={{
                  margin: "0 0 8px",
                  fontSize: 22,
                  lineHeight: "30px",
                  fontWeight: 600,
                  letterSpacing: "-.012em",
                  color: LIGHT.ink,
                }}
              >
                <Words text={view.title} />
              </Heading>
              {view.lead.map((text) => (
                <Text key={text} className="t-quiet" style={line}>
                  <Words text={text} />
                </Text>
              ))}
              <MailPlaces places={view.places} />
              {view.action === null ? null : (
                <Section style={{ paddingTop: 20 }}>
                  <Button
                    href={view.action.href}
                    className="button"
                    style={{
                      backgroundColor: LIGHT.accent,
                      color: LIGHT.onAccent,
                      borderRadius: 6,
                      fontSize: 14,
                      lineHeight: "20px",
                      fontWeight: 600,
                      padding: "10px 18px",
                    }}
                  >
                    {view.action.label}
                  </Button>
                </Section>
              )}
            </Section>
            <Section className="in edge" style={{ padding: "16px 32px 20px", borderTop: `1px solid ${LIGHT.line}` }}>
              {view.footer.map((text) => (
                <Text
                  key={text}
                  className="t-dim"
                  style={{ margin: 0, fontSize: 12, lineHeight: "18px", color: LIGHT.dim }}
                >
                  <Words text={text} />
                </Text>
              ))}
              {view.footerLinks.length === 0 ? null : (
                <Text
                  className="t-dim"
                  style={{ margin: "4px 0 0", fontSize: 12, lineHeight: "18px", color: LIGHT.dim }}
                >
                  {view.footerLinks.map(({ label, href }, index) => (
                    <Fragment key={label}>
                      {index === 0 ? "" : " · "}
                      <Link href={href} className="t-dim" style={{ color: LIGHT.dim, textDecoration: "underline" }}>
                        {label}
                      </Link>
                    </Fragment>
                  ))}
                </Text>
              )}
            </Section>
          </Container>
        </Section>
      </Body>
    </Html>
  );
}
