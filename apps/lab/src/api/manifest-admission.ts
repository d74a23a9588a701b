import { apiErrors, type FieldCause, type KubeObject } from '@scalelab/kube';
import { formatPath, validateObject, withDefaults, type Issue } from '@scalelab/manifests';
import type { Admission } from '../store';

const causeReasons: Readonly<Record<string, string>> = {
  Missing: 'FieldValueRequired',
  NotAllowed: 'FieldValueInvalid',
  WrongType: 'FieldValueTypeInvalid',
  Conflict: 'FieldValueForbidden',
};

const causeOf = (issue: Issue): FieldCause => ({
  reason: causeReasons[issue.code] ?? 'FieldValueInvalid',
  field: formatPath(issue.path),
  message: issue.message,
});

/** Fills in what the API server would. */
export const defaultsAdmission: Admission = (object) => withDefaults<KubeObject>(object);

/**
 * Refuses what breaks a kind's schema or rules. Unknown fields are refused too when the request asks for `Strict`, as kubectl does;
 * `Warn` and `Ignore` let them pass.
 */
export const validationAdmission: Admission = (object, { type, fieldValidation }) => {
  const issues = validateObject(object).filter(
    ({ code }) => code !== 'UnknownKind' && (code !== 'UnknownField' || fieldValidation === 'Strict'),
  );
  const unknown = issues.filter(({ code }) => code === 'UnknownField');
  if (unknown.length > 0 && unknown.length === issues.length) {
    const fields = unknown.map((issue) => `unknown field "${formatPath(issue.path)}": ${issue.message}`);
    throw apiErrors.badRequest(`strict decoding error: ${fields.join(', ')}`);
  }
  if (issues.length > 0) throw apiErrors.invalid(type, object.metadata.name, issues.map(causeOf));
  return object;
};
