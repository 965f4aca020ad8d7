// SurveyJS (https://surveyjs.io/form-library/documentation/api-reference/survey-data-model).
//
// A survey is an object that a page seldom lets others see, and a question that is not shown has no element. What every
// survey of the page shares is its class, so the values are set at the one moment at which they count: as the survey is
// completed, in front of `doComplete`. A survey that is part of a bundle and no global is out of reach.
//
// The model drops the values of questions that are not shown; for those that we set it is told not to
// (https://surveyjs.io/form-library/documentation/api-reference/question#clearIfInvisible).
import { attempt, keeper } from "./model/keeper.js";

export default function (page) {
  const { prototype } = window.Survey.SurveyModel, { doComplete } = prototype, keepers = new WeakMap();
  prototype.doComplete = function (...given) {
    attempt(() => look(this));
    const isDone = doComplete.apply(this, given);
    // What comes after it is another submission.
    if (isDone !== false) attempt(() => keepers.get(this).sent());
    return isDone;
  };

  function look(survey) {
    if (!keepers.has(survey)) keepers.set(survey, keeper(page));
    const present = {}, questions = {};
    for (const question of survey.getAllQuestions()) {
      if (question.visible || !/^(text|comment)$/.test(question.getType())) continue;
      present[question.name] = question.value;
      questions[question.name] = question;
    }
    keepers.get(survey)(present, (name, value) => {
      questions[name].clearIfInvisible = "none";
      questions[name].value = value;
    });
  }
}
