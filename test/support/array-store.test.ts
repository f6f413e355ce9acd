import { eventStoreContract } from '../contract/event-store.contract.js';
import { arrayStore } from './array-store.js';

eventStoreContract(
  'the array of the tests',
  async () => {
    const store = arrayStore();
    return { store, close: () => store.close() };
  },
  { reopens: false },
);
