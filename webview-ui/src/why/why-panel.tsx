/** Why it failed: the failure in a sentence, the way of its value, what decided, and which lines are suspected. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type {
  DecisionAnswer,
  HopAnswer,
  InputAnswer,
  PlaceAnswer,
  SuspectsAnswer,
  WhyAnswer,
  WhyLineAnswer,
} from '../../../trace-runtime/src/model/why-answers.ts';
import { baseName, counted } from '../base/format.ts';
import { Quoting } from '../base/quoting.tsx';
import { Confirm } from './confirm.tsx';
import { Proven, ValidateButton } from './proof.tsx';
import { ValueGraph } from './value-graph.tsx';
import { placeText, toMarkdown } from './why-markdown.ts';
import type { Loaded, WhyModel } from './why-model.ts';

const COPIED_MS = 2000;

export function WhyPanel({ model }: { readonly model: WhyModel }) {
  const question = model.question.value;
  return (
    <div class="why" onKeyDown={moveFocus}>
      {question === undefined ? (
        <Failure model={model} />
      ) : (
        <>
          <Bar model={model} why={question.answer} suspects={undefined}>
            <button type="button" class="button secondary" onClick={() => model.closeQuestion()}>
              Show Why It Failed
            </button>
          </Bar>
          <div class="why-body">
            <h2>{question.text}</h2>
            {question.error !== undefined && <p role="alert">{question.error}</p>}
            {question.answer ? (
              <Answer model={model} why={question.answer} />
            ) : (
              question.error === undefined && <Busy text={question.busy} />
            )}
          </div>
        </>
      )}
    </div>
  );
}

function Failure({ model }: { readonly model: WhyModel }) {
  const failed = model.failed.value;
  const suspects = model.suspects.value;
  if (failed.state === 'loaded' && failed.answer.failure === null)
    return (
      <>
        <Proven model={model} name={undefined} />
        <div class="empty">
          <p>No failure in this recording.</p>
          <p>
            Is a value wrong all the same? Choose “Mark This Value Wrong…” in the menu of a variable, in the editor or
            the Variables view: it is explained here then, and can be validated.
          </p>
        </div>
      </>
    );
  const why = failed.state === 'loaded' && failed.answer.failure !== null ? failed.answer : undefined;
  return (
    <>
      <Bar model={model} why={why} suspects={suspects.state === 'loaded' ? suspects.answer : undefined}>
        <Failures model={model} shown={why?.failure} />
        {why && <ValidateButton model={model} name={why.case} />}
      </Bar>
      <div class="why-body">
        {why && (
          <>
            <h2 class="why-title">{why.title}</h2>
            {why.case !== null && <p class="why-case">In {why.case}</p>}
            <Proven model={model} name={why.case} />
            <Explanation model={model} why={why} moment={why.failure} name={why.case} />
            <Suspects model={model} suspects={suspects} name={why.case} />
          </>
        )}
        <State model={model} loaded={failed} busy="Looking for why it failed…" />
      </div>
    </>
  );
}

interface BarProps {
  readonly model: WhyModel;
  readonly why: WhyAnswer | undefined;
  readonly suspects: SuspectsAnswer | undefined;
  readonly children: ComponentChildren;
}

function Bar({ model, why, suspects, children }: BarProps) {
  const isCopied = useSignal(false);
  const copy = (): void => {
    if (!why) return;
    model.replay.host.copy(toMarkdown(why, suspects));
    isCopied.value = true;
    setTimeout(() => (isCopied.value = false), COPIED_MS);
  };
  return (
    <div class="toolbar">
      {children}
      <div class="spring" />
      <span class="why-copied" role="status">
        {isCopied.value ? 'Copied' : ''}
      </span>
      <button type="button" class="button secondary" disabled={!why} onClick={copy}>
        Copy as Markdown
      </button>
    </div>
  );
}

/** Where there is more than one to choose from. */
function Failures({ model, shown }: { readonly model: WhyModel; readonly shown: string | undefined }) {
  const failures = model.failures.value;
  if (failures.length < 2) return null;
  return (
    <select
      aria-label="Failure"
      value={shown ?? model.chosen.value}
      onChange={({ currentTarget }) => model.choose(currentTarget.value)}
    >
      {failures.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Of a line, where it stands, and who could have called what was never called. */
function Answer({ model, why }: { readonly model: WhyModel; readonly why: WhyAnswer | WhyLineAnswer }) {
  if (!('callers' in why)) return <Explanation model={model} why={why} />;
  return (
    <>
      <Explanation model={model} why={why} moment={why.moment ?? undefined} />
      {why.callers.length > 0 && (
        <Section title="Who could have called it">
          <ol role="list" class="why-list">
            {why.callers.map((caller, i) => (
              <li key={i}>
                <Link model={model} moment={caller.moment ?? undefined} place={caller}>
                  <Place place={caller} />
                  <code class="why-text">{caller.text}</code>
                  <span class="why-what">
                    {caller.count === 0 ? 'It did not run.' : `It ran ${counted(caller.count, 'time')}.`}
                  </span>
                </Link>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}

interface ExplanationProps {
  readonly model: WhyModel;
  readonly why: WhyAnswer;
  /** where its place leads to where no step of a value does */
  readonly moment?: string | undefined;
  /** of the failing case that it explains, null outside of any; undefined: it explains no failure */
  readonly name?: string | null;
}

function Explanation({ model, why, moment, name }: ExplanationProps) {
  const { title, sentence, place, hops, decisions, graph } = why;
  const hop = place && hops.find(({ path, line }) => path === place.path && line === place.line);
  const isElsewhere = hops.length === 0 && moment !== model.here.value;
  const target = hop?.moment ?? (isElsewhere ? moment : undefined);
  return (
    <>
      <p class="why-sentence">
        <Quoting text={sentence} />
        {place && (
          <>
            {' ('}
            <Link model={model} moment={target} place={place} isInline>
              {placeText(place)}
            </Link>
            )
          </>
        )}
        .
      </p>
      {graph !== null && <ValueGraph model={model} title={title} graph={graph} />}
      {hops.length > 0 && (
        <Section title="Where it came from, from the origin on">
          <ol role="list" class="why-list">
            {hops.toReversed().map((hop, i) => (
              <Hop key={i} model={model} hop={hop} name={name} />
            ))}
          </ol>
        </Section>
      )}
      {decisions.length > 0 && (
        <Section title="What decided, the latest first">
          <ol role="list" class="why-list">
            {decisions.map((decision, i) => (
              <Decided key={i} model={model} decision={decision} name={name} />
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}

interface HopProps {
  readonly model: WhyModel;
  readonly hop: HopAnswer;
  /** of the failing case, null outside of any; undefined: it is no step to a failure */
  readonly name: string | null | undefined;
}

function Hop({ model, hop, name }: HopProps) {
  const { moment, text, value, what, kind, inputs, folded } = hop;
  return (
    <>
      <li>
        <Link model={model} moment={moment} place={hop}>
          <Place place={hop} />
          <code class="why-text">{text}</code>
          {value && <span class="why-value"> = {value}</span>}
          <span class="why-what">
            <Quoting text={what} />
          </span>
          {kind === 'unknown' && <span class="why-what">The recording does not tell more.</span>}
          <Inputs inputs={inputs} />
        </Link>
        {name !== undefined && kind !== 'copy' && (
          <Confirm
            model={model}
            what={hop.at}
            name={name}
            title={`runs it again with another value of ${text} there`}
          />
        )}
      </li>
      {folded > 0 && <li class="why-folded">{counted(folded, 'more step')} that only handed it on</li>}
    </>
  );
}

type DecidedProps = Pick<HopProps, 'model' | 'name'> & { readonly decision: DecisionAnswer };

function Decided({ model, decision, name }: DecidedProps) {
  return (
    <li>
      <Link model={model} moment={decision.moment} place={decision}>
        <Place place={decision} />
        <span>
          <Quoting text={decision.sentence} />
        </span>
        <Inputs inputs={decision.tests} />
      </Link>
      {name !== undefined && decision.isCondition && (
        <Confirm model={model} what={decision.at} name={name} title="runs it again with this decision turned round" />
      )}
    </li>
  );
}

interface SuspectsProps {
  readonly model: WhyModel;
  readonly suspects: Loaded<SuspectsAnswer>;
  /** of the failing case; null outside of any */
  readonly name: string | null;
}

function Suspects({ model, suspects, name }: SuspectsProps) {
  return (
    <Section title="Suspects">
      {suspects.state === 'loaded' && (
        <>
          <p class="why-note">
            {comparison(suspects.answer)} {!isAnyConfirmed(model) && 'No rerun of the program has confirmed one.'}
          </p>
          <ol role="list" class="why-list">
            {suspects.answer.suspects.map((suspect, i) => (
              <li key={i}>
                <Link model={model} moment={suspect.moment ?? undefined} place={suspect}>
                  <Place place={suspect} />
                  <code class="why-text">{suspect.text}</code>
                  <span class="why-what">
                    <Quoting text={suspect.sentence} />
                  </span>
                </Link>
                <Confirm
                  model={model}
                  what={`${suspect.path}:${suspect.line}`}
                  name={name}
                  title={`runs it again with a change of line ${suspect.line}`}
                />
              </li>
            ))}
          </ol>
        </>
      )}
      <State model={model} loaded={suspects} busy="Trying small changes of the program on what was recorded…" />
    </Section>
  );
}

function isAnyConfirmed(model: WhyModel): boolean {
  return model.replay.proof.value?.confirmations.some(({ state }) => state === 'confirmed') === true;
}

function comparison({ suspects, failing, passing, tried, left, fault }: SuspectsAnswer): string {
  if (suspects.length === 0) return 'No statement of the program ran before it.';
  const cases = `Lines that ${counted(failing, 'failing case')} ran, beside ${counted(passing, 'passing one')}.`;
  if (fault !== null) return `${cases} Changes of the program were not tried: ${fault}`;
  const rest = left > 0 ? `, and there was no time for ${left} more` : '';
  return `${cases} ${counted(tried, 'small change')} of the program ${tried === 1 ? 'was' : 'were'} tried${rest}.`;
}

interface LinkProps {
  readonly model: WhyModel;
  /** undefined: it never ran */
  readonly moment: string | undefined;
  readonly place?: PlaceAnswer;
  readonly isInline?: boolean;
  readonly children: ComponentChildren;
}

/** Travels to its moment; what never ran is opened where it stands. */
function Link({ model, moment, place, isInline = false, children }: LinkProps) {
  const go = moment === undefined ? opens(model, place) : () => model.goTo(moment);
  if (!go)
    return (
      <div class="why-plain" title={place?.path}>
        {children}
      </div>
    );
  return (
    <button
      type="button"
      role="link"
      class={isInline ? 'why-link inline' : 'why-link'}
      title={place && (moment === undefined ? place.path : `${place.path}\nGo to moment ${moment}`)}
      aria-current={!isInline && moment !== undefined && model.here.value === moment ? 'location' : undefined}
      onClick={go}
    >
      {children}
    </button>
  );
}

function opens(model: WhyModel, place: PlaceAnswer | undefined): (() => void) | undefined {
  return place && (() => model.replay.host.open(place.path, place.line));
}

function Place({ place }: { readonly place: PlaceAnswer }) {
  return <span class="why-place">{placeText({ ...place, name: baseName(place.name) })} </span>;
}

function Inputs({ inputs }: { readonly inputs: readonly InputAnswer[] }) {
  return (
    <>
      {inputs.map(({ text, value }, i) => (
        <span key={i} class="why-input">
          <code>{text}</code> = {value}
        </span>
      ))}
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const heading = useRef(`why-${title.replaceAll(/\W+/g, '-')}`);
  return (
    <section aria-labelledby={heading.current}>
      <h3 id={heading.current}>{title}</h3>
      {children}
    </section>
  );
}

interface StateProps {
  readonly model: WhyModel;
  readonly loaded: Loaded<unknown>;
  readonly busy: string;
}

/** What goes on, or went wrong. */
function State({ model, loaded, busy }: StateProps) {
  if (loaded.state === 'loaded') return null;
  if (loaded.state !== 'failed') return <Busy text={busy} />;
  return (
    <div class="why-fault" role="alert">
      <span>{loaded.error}</span>
      <button type="button" class="button secondary" onClick={() => model.retry()}>
        Try Again
      </button>
    </div>
  );
}

function Busy({ text }: { readonly text: string }) {
  return (
    <div class="why-busy" role="status">
      <div class="progress" />
      <span>{text}</span>
    </div>
  );
}

/** Arrow keys go from link to link. */
function moveFocus(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLSelectElement) return;
  const links = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.why-link')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? 0 : at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const wanted = next[event.key];
  if (wanted === undefined) return;
  event.preventDefault();
  links[Math.min(links.length - 1, Math.max(0, wanted))]?.focus();
}
