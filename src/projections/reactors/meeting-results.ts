import { refOfStream } from '../../domain/kernel/aggregate.js';
import { jointMeeting } from '../../domain/organization/joint-meeting/joint-meeting.js';
import { measure } from '../../domain/organization/joint-meeting/measure.js';
import { jointMeetingModel, measureModel, yearDutyModel } from '../cases/joint-meeting.js';
import { defineReactor } from '../kernel/reactor.js';
import { keysUnder, rowOf } from './scan.js';

/**
 * A meeting knows the measures that its results became, and which of them are verified (invariant 13). Those who took
 * part follow the measures; who is taken out of the meeting sees nothing further of them.
 */
export const meetingMeasures = defineReactor({
  name: 'meeting-measures',
  from: [measure, jointMeeting],
  on: {
    MeasureAssigned: ({ stream, data: { meeting, result } }) => {
      const { id } = refOfStream(stream);
      return [
        { action: 'linkMeasure', id: meeting, input: { result, measure: id } },
        // A participant may have been taken out while the measure was being assigned.
        { action: 'refreshMeasureFollowers', id, input: {} },
      ];
    },
    ParticipantRemoved: async ({ stream }, { view }) => {
      const measures = await keysUnder(view, measureModel, 'byMeeting', [refOfStream(stream).id]);
      return measures.map((id) => ({ action: 'refreshMeasureFollowers', id, input: {} }));
    },
    MeasureVerified: async ({ stream }, { view }) => {
      const { id } = refOfStream(stream);
      const verified = await rowOf(view, measureModel, id);
      return verified ? [{ action: 'noteMeasureVerified', id: verified.state.meeting, input: { measure: id } }] : [];
    },
  },
});

/** A meeting that is held meets the city's duty of the year (T10). A duty that is opened later is met by the watchdog. */
export const yearDutyMet = defineReactor({
  name: 'year-duty-met',
  from: [jointMeeting],
  on: {
    JointMeetingClosed: async ({ stream, data }, { view }) => {
      const { id } = refOfStream(stream);
      const held = await rowOf(view, jointMeetingModel, id);
      if (!held) return [];
      const duties = await keysUnder(view, yearDutyModel, 'byYear', [held.state.region, Number(data.on.slice(0, 4))]);
      return duties.map((duty) => ({ action: 'meetYearDuty', id: duty, input: { by: id } }));
    },
  },
});
