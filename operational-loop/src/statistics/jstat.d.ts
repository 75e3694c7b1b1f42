/** The part of jStat that distributions.ts uses; the package brings no types. */
declare module 'jstat' {
  interface Continuous1 {
    cdf(x: number, df: number): number;
    inv(p: number, df: number): number;
  }
  interface Continuous2 {
    cdf(x: number, a: number, b: number): number;
    inv(p: number, a: number, b: number): number;
  }
  interface JStat {
    readonly normal: Continuous2;
    readonly studentt: Continuous1;
    readonly chisquare: Continuous1;
    readonly centralF: Continuous2;
    readonly beta: Continuous2;
    erfc(x: number): number;
  }
  const module: { readonly jStat: JStat };
  // oxlint-disable-next-line import/no-default-export -- a CommonJS module
  export default module;
}
