/** The editor's colours, for what is drawn on canvases. Everything else takes them in its style sheets. */
import { signal } from '@preact/signals';
import { mix, parseColour, toCss, type Rgb } from './colour.ts';
import type { Font } from './draw.ts';

export interface Theme {
  readonly isContrast: boolean;
  readonly isDark: boolean;
  readonly background: string;
  readonly foreground: string;
  /** of what is less important */
  readonly muted: string;
  readonly border: string;
  /** lines that only help to read */
  readonly grid: string;
  readonly focus: string;
  /** where the debugger stands */
  readonly playhead: string;
  /** text on it */
  readonly onPlayhead: string;
  readonly hover: string;
  readonly shade: string;
  readonly error: string;
  readonly caught: string;
  readonly passed: string;
  readonly failed: string;
  readonly skipped: string;
  /** of cases, behind their names */
  readonly passedFill: string;
  readonly failedFill: string;
  readonly skippedFill: string;
  readonly output: string;
  readonly errorOutput: string;
  readonly breakpoint: string;
  readonly tick: string;
  readonly depth: string;
  readonly depthDeep: string;
  /** of lines in charts: told apart from each other */
  readonly lines: readonly string[];
  /** of functions: shades of a hue for each file */
  readonly functions: readonly (readonly string[])[];
  /** the same, fainter, of packages */
  readonly packages: readonly (readonly string[])[];
  /** of functions that are not looked for */
  readonly nothing: string;
  readonly onFunction: string;
  readonly font: Font;
}

/** A colour of the editor's, and what it is where the theme has none. */
type Look = (name: string, fallback: string) => string;

export const theme = signal<Theme>(read());

/** Follows the editor's theme from now on. */
export function followTheme(): void {
  theme.value = read();
  const observer = new MutationObserver(() => {
    theme.value = read();
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}

function read(): Theme {
  const styles = getComputedStyle(document.documentElement);
  const look: Look = (name, fallback) => styles.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const { classList } = document.body;
  const isContrastLight = classList.contains('vscode-high-contrast-light');
  const isContrast = classList.contains('vscode-high-contrast') || isContrastLight;
  const isDark = !(classList.contains('vscode-light') || isContrastLight);
  const background = solid(
    look('panel-background', isDark ? '#181818' : '#f8f8f8'),
    isDark ? [0, 0, 0] : [255, 255, 255],
  );
  const over = (colour: string, share: number): string => toCss(mix(solid(colour, background), background, share));
  const foreground = look('foreground', isDark ? '#cccccc' : '#3b3b3b');
  const contrast = look('contrastBorder', foreground);
  const chart = (name: string, fallback: string): string => opaque(look(`charts-${name}`, fallback));
  const passed = look('testing-iconPassed', '#73c991');
  const failed = look('testing-iconFailed', '#f14c4c');
  const skipped = look('testing-iconSkipped', '#848484');
  const blue = chart('blue', '#3794ff');
  const hues = [
    blue,
    chart('green', '#89d185'),
    chart('purple', '#b180d7'),
    chart('orange', '#d18616'),
    chart('yellow', '#cca700'),
  ];
  const shades = isContrast ? [0.4, 0.3, 0.22] : isDark ? [0.54, 0.45, 0.37] : [0.5, 0.41, 0.32];
  /** shades of a hue as it is, and of it with a touch of another */
  const variants = (strength: number): string[][] =>
    hues.map((hue, i) => {
      const other = solid(hues[(i + 2) % hues.length]!, background);
      const own = solid(hue, background);
      return [own, mix(own, other, 0.72)].flatMap((each) =>
        shades.map((share) => toCss(mix(each, background, share * strength))),
      );
    });
  return {
    isContrast,
    isDark,
    background: toCss(background),
    foreground,
    muted: isContrast ? foreground : look('descriptionForeground', over(foreground, 0.7)),
    border: isContrast ? contrast : look('panel-border', over(foreground, 0.2)),
    grid: isContrast ? over(foreground, 0.3) : over(foreground, 0.09),
    focus: look('focusBorder', blue),
    playhead: look('debugIcon-breakpointCurrentStackframeForeground', '#ffcc00'),
    onPlayhead: textOn(solid(look('debugIcon-breakpointCurrentStackframeForeground', '#ffcc00'), background)),
    hover: over(foreground, 0.45),
    shade: over(foreground, isContrast ? 0 : 0.045),
    error: chart('red', '#f14c4c'),
    caught: chart('orange', '#d18616'),
    passed,
    failed,
    skipped,
    passedFill: over(passed, isDark ? 0.3 : 0.28),
    failedFill: over(failed, isDark ? 0.38 : 0.28),
    skippedFill: over(skipped, 0.25),
    output: blue,
    errorOutput: chart('orange', '#d18616'),
    breakpoint: look('debugIcon-breakpointForeground', '#e51400'),
    tick: over(foreground, isContrast ? 0.7 : 0.35),
    depth: over(blue, isContrast ? 0.75 : 0.38),
    depthDeep: over(blue, isContrast ? 1 : 0.8),
    lines: hues,
    functions: variants(1),
    packages: variants(isContrast ? 0.85 : 0.72),
    nothing: over(foreground, isContrast ? 0.2 : 0.12),
    onFunction: isDark ? '#ffffff' : look('editor-foreground', '#000000'),
    font: { family: look('font-family', 'sans-serif'), size: 11 },
  };
}

/** Without transparency, as it looks in front of the background. */
function solid(colour: string, background: Rgb): Rgb {
  const [red, green, blue, alpha] = parseColour(colour) ?? [128, 128, 128, 1];
  return mix([red, green, blue], background, alpha);
}

/** A theme may have it let through what is behind it, where it means to mark text. */
function opaque(colour: string): string {
  const [red, green, blue] = parseColour(colour) ?? [128, 128, 128];
  return toCss([red, green, blue]);
}

function textOn([red, green, blue]: Rgb): string {
  return red * 0.3 + green * 0.59 + blue * 0.11 > 140 ? '#000000' : '#ffffff';
}
