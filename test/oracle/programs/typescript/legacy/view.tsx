// node --import tsx
// JSX with a factory of one's own: elements, fragments, spreads, components, keys.
type Props = Record<string, unknown> | null;
type Child = Node | string | number | boolean | null | undefined | Child[];
interface Node { type: string; props: Record<string, unknown>; children: Node[]; text?: string }
const Fragment = (_: Props, children: Child[]): Node => ({ type: '#', props: {}, children: flat(children) });
function flat(children: Child[]): Node[] {
  const out: Node[] = [];
  for (const child of children) {
    if (Array.isArray(child)) out.push(...flat(child));
    else if (child === null || child === undefined || typeof child === 'boolean') continue;
    else if (typeof child === 'object') out.push(child);
    else out.push({ type: 'text', props: {}, children: [], text: String(child) });
  }
  return out;
}
function h(type: any, props: Props, ...children: Child[]): Node {
  if (typeof type === 'function') return type(props, children);
  return { type, props: { ...props }, children: flat(children) };
}
declare global { namespace JSX { interface IntrinsicElements { [name: string]: any } interface ElementChildrenAttribute { children: unknown } } }
const Item = ({ name, done = false }: { name: string; done?: boolean }, children: Child[]): Node => {
  const mark = done ? '✓' : '·';
  return <li class={done ? 'done' : undefined} data-name={name}>{mark} {name}{children}</li>;
};
class Todo {
  #items: { name: string; done: boolean }[] = [];
  add = (name: string, done = false): this => { this.#items.push({ name, done }); return this; };
  render(): Node {
    const rest = { id: 'todo', title: `${this.#items.length} items` };
    return (
      <section {...rest} class="list">
        <h1>Todo</h1>
        {this.#items.length > 0 && <ul>{this.#items.map((item) => (<Item key={item.name} {...item}><b>!</b></Item>))}</ul>}
        <>{null}{[1, 2].map((n) => n * 2)}<br /></>
      </section>
    );
  }
}
const print = (node: Node, depth = 0): string => {
  if (node.type === 'text') return node.text!;
  const attributes = Object.entries(node.props).filter(([, value]) => value !== undefined).map(([key, value]) => ` ${key}="${value}"`).join('');
  const inner = node.children.map((child) => print(child, depth + 1)).join('');
  return node.type === '#' ? inner : `<${node.type}${attributes}>${inner}</${node.type}>`;
};
const tree = new Todo().add('milk').add('bread', true).render();
const text = print(tree);
console.log(text, tree.children.length);
