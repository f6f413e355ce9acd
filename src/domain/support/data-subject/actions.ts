import { erasureActions } from './erasure.js';
import { requestActions } from './requests.js';

export const dataSubjectActions = { ...requestActions, ...erasureActions };
