/** The four kinds of theme: the name in the settings, the one that people read, and the class that the workbench then has. */
export const themes = {
  dark: { name: 'Dark Modern', label: 'Dark Modern', className: 'vs-dark' },
  light: { name: 'Light Modern', label: 'Light Modern', className: 'vs' },
  highContrastDark: { name: 'Default High Contrast', label: 'Dark High Contrast', className: 'hc-black' },
  highContrastLight: { name: 'Default High Contrast Light', label: 'Light High Contrast', className: 'hc-light' },
} as const;

export type Theme = keyof typeof themes;

/** The dark one, with which windows open, last. */
export const ALL_THEMES: readonly Theme[] = ['light', 'highContrastDark', 'highContrastLight', 'dark'];
