import { createLimits } from '../../../src/infra/in-process/limits.js';
import { limitsContract } from '../../contract/limits.contract.js';

limitsContract('in-process', createLimits);
