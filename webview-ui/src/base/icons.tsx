/** Pictures for buttons, in the colour of their text. */

const PATHS = {
  zoomIn: 'M7 2v4H3v2h4v4h2V8h4V6H9V2z',
  zoomOut: 'M3 7h10v2H3z',
  fit: 'M1 3h1.5v10H1zM13.500 3H15v10h-1.500zM4 8l3-3v2h2V5l3 3-3 3V9H7v2z',
  previous: 'M10.500 2.500 5 8l5.500 5.500 1-1L7 8l4.500-4.500z',
  next: 'M5.500 2.500 11 8l-5.500 5.500-1-1L9 8 4.500 3.500z',
  up: 'M2.500 10.500 8 5l5.500 5.500-1 1L8 7l-4.500 4.500z',
  down: 'M2.500 5.500 8 11l5.500-5.500-1-1L8 9 3.500 4.500z',
  search:
    'M6.500 2a4.500 4.500 0 0 1 3.600 7.200l4 4-1 1-4-4A4.500 4.500 0 1 1 6.500 2m0 1.400a3.100 3.100 0 1 0 0 6.200 3.100 3.100 0 0 0 0-6.200',
  close: 'm3.500 2.500 4.500 4.500 4.500-4.500 1 1L9 8l4.500 4.500-1 1L8 9l-4.500 4.500-1-1L7 8 2.500 3.500z',
  list: 'M2 3h2v2H2zm4 0h8v2H6zM2 7h2v2H2zm4 0h8v2H6zM2 11h2v2H2zm4 0h8v2H6z',
  follow:
    'M7.300 1h1.400v2.100A5 5 0 0 1 12.900 7.300H15v1.400h-2.100a5 5 0 0 1-4.200 4.200V15H7.300v-2.100a5 5 0 0 1-4.200-4.200H1V7.300h2.100a5 5 0 0 1 4.200-4.200zM8 4.400a3.600 3.600 0 1 0 0 7.200 3.600 3.600 0 0 0 0-7.200m0 2.100a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3',
  go: 'M8 2.500 13.500 8 8 13.500l-1-1L10.800 8.700H2V7.300h8.800L7 3.500z',
  pass: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1m3.200 3.800L7 9.600 4.800 7.500l-1 1L7.100 11.600l5.100-5.800z',
  fail: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1m2.600 3.400L8 7 5.400 4.400l-1 1L7 8l-2.600 2.600 1 1L8 9l2.600 2.600 1-1L9 8l2.600-2.600z',
  doubt:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1m0 2.800a2.500 2.500 0 0 0-2.500 2.400h1.400A1.100 1.100 0 0 1 8 5.200a1.100 1.100 0 0 1 1.100 1.100c0 1-1.800 1.100-1.800 3h1.400c0-1.200 1.800-1.400 1.800-3A2.500 2.500 0 0 0 8 3.800m-.700 6.600v1.500h1.500v-1.500z',
  error: 'M8 1.500 15 14H1zM7.300 6v4h1.400V6zm0 5v1.400h1.400V11z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** what it does, for a tooltip and for those who do not see the picture */
  readonly label: string;
  readonly keys?: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  /** goes where there is little room */
  readonly isSpare?: boolean;
  readonly act: () => void;
}

export function IconButton({ icon, label, keys, isPressed, isDisabled = false, isSpare, act }: IconButtonProps) {
  return (
    <button
      type="button"
      class={isSpare === true ? 'icon-button if-wide' : 'icon-button'}
      title={keys === undefined ? label : `${label} (${keys})`}
      aria-label={label}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}
