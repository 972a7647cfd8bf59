// The words of lessons, which come with them in one or more languages.

import { language } from "../shared/text.js";

// spoken chooses the language of the page among texts, or else English, or the first.
export const spoken = (texts) => texts?.[language] ?? texts?.en ?? Object.values(texts ?? {})[0];

// said returns the words of a lesson under a key such as "title"; "" for none.
export const said = (lesson, key) => spoken(lesson.text)[key] ?? "";

// optionText returns the words of an answer to a lesson's prediction.
export const optionText = (lesson, id) => spoken(lesson.options.find((o) => o.id === id)?.text) ?? "";
