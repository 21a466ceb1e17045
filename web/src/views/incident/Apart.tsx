/* Where the voices part: a sentence for each question, and who stands on which side. */
import { placeName } from "../../figures";
import { date, listed, rich, t } from "../../i18n";
import { shown } from "../../text";
import { VoiceLink } from "./parts";
import { Denials } from "./Head";
import { questionsOf, type Question, type Side, type Whole } from "./story";
import { harm } from "./words";

function valueWords(on: string, side: Side) {
    const { value } = side;
    switch (on) {
        case "date": return date(value.date);
        case "place": return shown(placeName(value.place));
        case "actor": return shown(value.actor?.text ?? "");
        default: return harm(value);
    }
}

const Lead = ({ question }: { question: Question }) => (
    <p class="apart-lead">{question.on === "count" ? t("apart_count." + question.effect, { count: question.sides.length }) : t("apart_" + question.on, { count: question.sides.length })}</p>
);

export function Apart({ whole, plain = false }: { whole: Whole; plain?: boolean }) {
    const questions = questionsOf(whole).filter((question) => question.sides.length > 1 || question.denial);
    return (
        <section class="panel apart" aria-labelledby="apart-title">
            <h2 id="apart-title">{t("apart_title")}</h2>
            {!questions.length && <p class="quiet">{t("apart_none")}</p>}
            <ul class="questions">
                {questions.map((question) => (
                    <li key={question.key} class={`effect-${question.effect}`}>
                        {question.denial ? <ul class="verdict-voices"><Denials whole={whole} denials={[question.denial]} plain={plain} /></ul> : <Lead question={question} />}
                        {question.denial && <p class="quiet apart-against">{t("apart_against")}</p>}
                        <ul class="sides">
                            {question.sides.map((side, i) => (
                                <li key={i}>{rich("apart_side", { value: <strong><bdi>{valueWords(question.on, side)}</bdi></strong>, voices: listed(side.voices.map((voice) => <VoiceLink key={voice} whole={whole} voice={voice} plain={plain} />)) })}</li>
                            ))}
                        </ul>
                    </li>
                ))}
            </ul>
        </section>
    );
}
