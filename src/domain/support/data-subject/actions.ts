import { clockActions } from '../../kernel/case-clocks.js';
import { dataSubject } from './data-subject.js';
import { erasureActions } from './erasure.js';
import { requestActions } from './requests.js';

export const dataSubjectActions = { ...requestActions, ...erasureActions, ...clockActions(dataSubject) };
