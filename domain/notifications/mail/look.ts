/** The console's tokens in both themes; mail clients know no custom properties. Contrast as measured there. */
export const LIGHT = {
  paper: "#FBFAF7",
  ground: "#F4F2EC",
  line: "#E4E0D7",
  strong: "#CBC6BA",
  ink: "#181B20",
  quiet: "#50545A",
  dim: "#636568",
  accent: "#08686D",
  onAccent: "#FFFFFF",
  critical: "#AD0F3D",
  high: "#AE440A",
  medium: "#806000",
  low: "#486280",
} as const;
const DARK: Record<keyof typeof LIGHT, string> = {
  paper: "#181E24",
  ground: "#12171C",
  line: "#272F37",
  strong: "#404B55",
  ink: "#E9E7E2",
  quiet: "#B1B6B8",
  dim: "#949BA0",
  accent: "#5AC4BD",
  onAccent: "#0A2322",
  critical: "#FF7189",
  high: "#F79A5C",
  medium: "#DDBB4C",
  low: "#93AFCB",
};

export const SANS = "Inter, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** Shape says the severity before colour does, as in the console. */
export const MARKS = { critical: "◆", high: "▲", medium: "●", low: "○" } as const;

const text = (Object.keys(DARK) as (keyof typeof DARK)[]).map((name) => `.t-${name}{color:${DARK[name]}!important}`);

/** For clients that know dark mode by media query; the others invert by themselves, which these neutrals survive. */
export const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground,.ground>table>tbody>tr>td{background-color:${DARK.ground}!important}.paper{background-color:${DARK.paper}!important}
.edge{border-color:${DARK.line}!important}.strong{border-color:${DARK.strong}!important}
.button{background-color:${DARK.accent}!important;color:${DARK.onAccent}!important}
.rule{background-color:${DARK.accent}!important}
${text.join("\n")}
}
@media (max-width:620px){.in{padding-left:20px!important;padding-right:20px!important}.outer{padding:0!important}.paper{border-left:0!important;border-right:0!important;border-radius:0!important}}`;
