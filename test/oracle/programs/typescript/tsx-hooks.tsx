// node --import tsx
/** @jsx h */
/** @jsxFrag Frag */
// a tiny virtual DOM with hooks, keyed lists, context, fragments and spread children
type V = { type: any; props: any; key?: any };
const Frag = Symbol('frag');
function h(type: any, props: any, ...children: any[]): V { const { key, ...rest } = props ?? {}; return { type, key, props: { ...rest, ...(children.length && { children: children.flat(Infinity) }) } }; }
let current: { hooks: any[]; at: number; path: string } | undefined; const instances = new Map<string, any>(); const dirtyPaths = new Set<string>(); const effects: (() => void)[] = [];
function useState<T>(init: T | (() => T)): [T, (v: T | ((p: T) => T)) => void] { const inst = current!; const i = inst.at++; if (!(i in inst.hooks)) inst.hooks[i] = typeof init === 'function' ? (init as () => T)() : init; return [inst.hooks[i], (v) => { inst.hooks[i] = typeof v === 'function' ? (v as (p: T) => T)(inst.hooks[i]) : v; dirtyPaths.add(inst.path); }]; }
function useMemo<T>(fn: () => T, deps: unknown[]): T { const i = current!.at++; const was = current!.hooks[i]; if (was && was.deps.every((d: unknown, j: number) => Object.is(d, deps[j]))) return was.value; return (current!.hooks[i] = { deps, value: fn() }).value; }
function useEffect(fn: () => void | (() => void), deps: unknown[]) { const inst = current!; const i = inst.at++; const was = inst.hooks[i]; if (was?.deps.every((d: unknown, j: number) => d === deps[j])) return; effects.push(() => { was?.off?.(); inst.hooks[i] = { deps, off: fn() }; }); inst.hooks[i] ??= { deps }; }
function createContext<T>(value: T) { const stack = [value]; return { stack, Provider: ({ value, children }: any) => ({ type: Frag, props: { children }, enter: () => stack.push(value), leave: () => stack.pop() }), use: () => stack.at(-1)! }; }
const esc = (s: unknown) => String(s).replace(/[<&"]/g, (c) => ({ '<': '&lt;', '&': '&amp;', '"': '&quot;' })[c]!);
function render(node: any, path = '0'): string {
  if (node == null || typeof node === 'boolean') return '';
  if (Array.isArray(node)) return node.map((n, i) => render(n, `${path}.${n?.key ?? i}`)).join('');
  if (typeof node !== 'object') return esc(node);
  const { type, props: { children, ...attrs } } = node as V;
  if (type === Frag) { node.enter?.(); try { return render(children, `${path}.f`); } finally { node.leave?.(); } }
  if (typeof type === 'function') { const was = current; let inst = instances.get(path); if (!inst) instances.set(path, (inst = { hooks: [], at: 0, path })); inst.at = 0; current = inst; let out: any; try { out = type.prototype?.render ? new type(node.props).render() : type(node.props); } finally { current = was; } return render(out, `${path}/${type.name}`); }
  const text = Object.entries(attrs).filter(([k, v]) => v !== false && !k.startsWith('on')).map(([k, v]) => (v === true ? ` ${k}` : ` ${k === 'className' ? 'class' : k}="${esc(k === 'style' ? Object.entries(v as object).map((p) => p.join(':')).join(';') : v)}"`)).join('');
  return children ? `<${type}${text}>${render(children, path)}</${type}>` : `<${type}${text}/>`;
}
const Theme = createContext('light'); const clicks: Record<string, () => void> = {}; let memos = 0; const log: string[] = [];
const Item = ({ label, done = false, ...rest }: { label: string; done?: boolean; key?: string }) => <li className={done ? 'done' : undefined} {...rest}>{label}{done && <b>!</b>}</li>;
function Counter({ start, children }: { start: number; children?: any }) { const [n, setN] = useState(() => start * 10); const double = useMemo(() => (memos++, n * 2), [n]); useEffect(() => { log.push(`on ${n}`); return () => log.push(`off ${n}`); }, [n]); clicks[`c${start}`] = () => { setN((p) => p + 1); setN((p) => p + 1); }; return <><span data-t={Theme.use()}>{n}/{double}</span>{children}</>; }
class Old { constructor(private props: any) {} render() { return <p style={{ color: 'red', top: 1 }} hidden>{this.props.children ?? 'none'} {Theme.use()}</p>; } }
const App = ({ items }: { items: string[] }) => { const [show, setShow] = useState(true); clicks.toggle = () => setShow((s) => !s); return <main id="a&b"><Counter start={1}><i>{'<x>'}</i></Counter>{show ? <Theme.Provider value="dark"><Counter start={2} /><Old>in</Old></Theme.Provider> : null}<ul>{items.map((x, i) => <Item key={x} label={x} done={i === 1} {...(i === 0 && { title: 't' })} />)}{...[<Item label="spread" />]}</ul><Old /></main>; };
const pass = (items: string[]) => { const out = render(<App items={items} />); for (const e of effects.splice(0)) e(); return out; };
console.log(pass(['a', 'b'])); clicks.c1!(); clicks.c2!(); console.log(pass(['b', 'c', 'a'])); clicks.toggle!(); console.log(pass([]), memos, log, [...dirtyPaths], instances.size);
