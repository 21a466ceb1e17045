/* One incident. The first screen answers in words what is told, by how many independent voices, and who denies it; what
 * follows shows why: the figures by voice, the chain, where they part, and each sentence. */
import { useState } from "preact/hooks";
import { Title } from "../../frame/Title";
import { touches, useEvents, useResource } from "../../resource";
import { go } from "../../router";
import type { ViewProps } from "../../routes";
import { ErrorBox, Loading, useShortcuts } from "../../ui";
import { Apart } from "./Apart";
import { Chain } from "./Chain";
import { Figures } from "./Figures";
import { Estimates, Facts, States, Verdict } from "./Head";
import { headlineText, useKept } from "./parts";
import { History, Papers, TakeOut } from "./Rest";
import { Sites } from "./Sites";
import { loadWhole } from "./story";
import { IncidentActions, Watching } from "../review/actions";
import { Voices } from "./Voices";

const QUIET_MS = 1500;

export default function View({ id }: ViewProps) {
    const [round, setRound] = useState(0);
    const { data: whole, error, reload } = useResource(`incident/${id}`, (signal) => loadWhole(id, signal));
    const { marks } = useKept(whole);
    useEvents(["act", "added"], () => {
        setRound((n) => n + 1);
        reload();
    }, QUIET_MS, (_, data) => touches(data, [id]));
    useShortcuts([{ keys: "p", label: "shortcut_print", run: () => go("report/incidents/" + encodeURIComponent(id)) }]);
    if (error && !whole) {
        return <ErrorBox error={error} again={reload} />;
    }
    if (!whole) {
        return <Loading />;
    }
    return (
        <div class="page incident">
            <header class="incident-head">
                <div class="incident-name"><Title words={headlineText(whole.incident)} /><Facts whole={whole} /></div>
                <div class="row incident-out"><Watching at={`incidents/${whole.incident.id}`} /><TakeOut id={whole.incident.id} /></div>
            </header>
            <IncidentActions incident={whole.incident} onDone={() => (setRound((n) => n + 1), reload())} />
            <div class="panel answer-panel">
                <Verdict whole={whole} />
                <aside class="answer-side"><Estimates whole={whole} /><States whole={whole} /></aside>
            </div>
            <Figures whole={whole} />
            <Chain whole={whole} />
            <Apart whole={whole} />
            <Voices whole={whole} marks={marks} />
            <div class="incident-last"><Papers whole={whole} /><div class="incident-column"><Sites incident={whole.incident} /><History incident={whole.incident} round={round} /></div></div>
        </div>
    );
}
