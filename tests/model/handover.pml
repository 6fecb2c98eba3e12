/* The warm handover, for the model checker Spin (R26-R29). What may be done, from which state and under
   which guards, is the table that the code is made of: handover_table.pml, made by cmake/transitions.py.
   What stands here is what surrounds it: consent that is given and withdrawn at any moment (R13), a
   handover that expires, a receiving werkplaats that closes (R27), a regisseur who leaves (R1), both sides that act at once, and two handovers of
   one case, one after the other.

   README.md says what is proved and what each -D breaks on purpose. */

#include "handover_table.pml"

#define H 2  /* handovers of the case: each to a school of its own */

/* Seats: 0 and 1 of the school where the case begins, 2 of the municipality, 3+h of the school that
   receives handover h. Places: 0 where it begins, 1+h that of handover h. */
#define RECEIVER(h) (3 + h)
#define PLACE(h) (1 + h)
#define WORKS_AT(s) (s < 2 -> 0 : (s == 2 -> 9 : s - 2))

mtype st[H] = NONE;
bit expired[H], running[H], offered[H], fixed[H], receipted[H], talked[H], decided[H];
bit seat[5];     /* open */
bit place[3];    /* werkplaats of the case */
byte at;         /* the one that answers for it */
byte terms = 1;  /* open terms of a regisseur */
byte reg = 0, standin = 2;
byte consent[3]; /* of parts 0 and 1, and 2 of the handover itself: 0 asked, 1 in force, 2 withdrawn */
bit adult;       /* an 18-/18+ handover (R16) */
bit left;        /* somebody left employment */
byte door;       /* of the werkplaats that handover 0 goes to: 0 stays open, 1 will close before the
                    child starts there, 2 has closed */
bit stopped;     /* nobody acts any more, but to end what runs */

#define SHUT(h) (h == 0 && door == 2)
#define CLOSES(h) (h == 0 && door > 0)
#define GONE(h) (st[h] == ACCEPTED || st[h] == CLOSED || st[h] == RETURNED || st[h] == WITHDRAWN)
#define OVER(h) (expired[h] || SHUT(h))
#define COVERED(i) (consent[i] == 1)
#define ENDED(h) (st[h] == NONE || st[h] == CLOSED || st[h] == RETURNED || st[h] == WITHDRAWN || expired[h])
#define SEEN(h) (st[h] == OFFERED || st[h] == RECEIVED || st[h] == CONVERSED)
/* Who leads: the open term's seat, or its stand-in when that seat has ended (R1). */
#define LEADERS (terms == 1 -> (seat[reg] || seat[standin]) : terms)
#define STAYS(s) (seat[s] && WORKS_AT(s) != at)

/* ---- What the engine opens to the receiver, as security/policy/engine.cc does ---- */
#ifdef BLIND
#define ENGINE_CONSENT(i) 1
#else
#define ENGINE_CONSENT(i) COVERED(i)
#endif
#ifdef ENDLESS
#define ENGINE_TIME(h) 1
#elif defined(OPEN_DOOR)
#define ENGINE_TIME(h) (!expired[h])
#else
#define ENGINE_TIME(h) (!OVER(h))
#endif
#define OPENS(h, i) (seat[RECEIVER(h)] && offered[h] && ENGINE_TIME(h) && ENGINE_CONSENT(i))

/* ---- The guards of the table ---- */
#define G_time (!OVER(h))
#define G_single (!running[1 - h] || OVER(1 - h))
#define G_standing (!CLOSES(h))
#define G_whole ok
#define G_consent (COVERED(0) && COVERED(1) && COVERED(2))
#define G_cover (COVERED(2) && (COVERED(0) || COVERED(1)))
#define G_receipt ok
#define G_talk ok
#define G_reason ok
#define G_decided (!adult || decided[h])
#define G_people (STAYS(r) && STAYS(s) && r != s)

/* ---- The effects of the table ---- */
#define E_none skip
#define E_fix fixed[h] = 1
#define E_sign receipted[h] = 1
#define E_talk talked[h] = 1
#define E_open offered[h] = 1; seat[RECEIVER(h)] = 1
#define E_end offered[h] = 0; seat[RECEIVER(h)] = 0; running[h] = 0
#ifdef IN_STEPS
#define GAP(at_once) check(); at_once
#else
#define GAP(at_once) at_once
#endif
#define E_move place[at] = 0; GAP(place[PLACE(h)] = 1); terms--; GAP(terms++); reg = r; standin = s; \
  leave(at); at = PLACE(h); offered[h] = 0; running[h] = 0

/* ---- What must be true of each act, whatever the table says ---- */
#define A_draft put_away(1 - h); running[h] = 1; \
  assert(!running[1 - h] && !CLOSES(h))            /* never two that run, never to what closes */
#define A_show assert(ok && !OVER(h))               /* what is fixed is whole */
#define A_view assert(!OVER(h))
#define A_authorise assert(!OVER(h) && COVERED(0) && COVERED(1) && COVERED(2))
#define A_offer assert(!OVER(h) && !CLOSES(h) && fixed[h] && COVERED(0) && COVERED(1) && COVERED(2))
#define A_receive assert(!OVER(h) && ok && COVERED(2) && (COVERED(0) || COVERED(1))); \
  assert(OPENS(h, 0) || OPENS(h, 1))               /* who signs could read it */
#define A_invite assert(!OVER(h))
#define A_converse assert(!OVER(h) && ok)           /* a conversation, or a reason on record (R27) */
#define A_accept assert(!OVER(h) && receipted[h] && talked[h] && (!adult || decided[h])); \
  assert(COVERED(2) && (COVERED(0) || COVERED(1)))
#define A_close assert(at != 0)
#define A_return assert(!OVER(h) && ok)
#define A_withdraw assert(ok)
#define A_stay decided[h] = 1; assert(!OVER(h))

/* ---- What is always true (R27, R28) ---- */
inline holds(x) {
  assert(!(seat[RECEIVER(x)] && offered[x] && !expired[x]) || SEEN(x)); /* open only while it is offered */
  assert(!ENDED(x) || expired[x] || !running[x]);                       /* what ended makes way */
  assert(!(st[x] == ACCEPTED || st[x] == CLOSED) || (talked[x] && receipted[x]));
  assert(!SEEN(x) || fixed[x])                                           /* nothing before the family saw it */
}
inline check() {
  assert(place[0] + place[1] + place[2] == 1); /* never without werkplaats, never two */
  assert(place[at] == 1);
  assert(LEADERS == 1);                         /* never without regisseur, never two */
  holds(0);
  holds(1)
}

inline leave(where) {
  if
  :: where == 0 -> seat[0] = 0; seat[1] = 0
  :: where == 1 -> seat[3] = 0
  :: where == 2 -> seat[4] = 0
  fi
}
/* The next draft puts away what expired. */
inline put_away(other) {
  if
  :: running[other] && OVER(other) ->
     offered[other] = 0; running[other] = 0;
     if :: st[other] != ACCEPTED && WORKS_AT(RECEIVER(other)) != at -> seat[RECEIVER(other)] = 0 :: else fi
  :: else
  fi
}

/* A row of the table: guard and effect are one transaction. With STALE they are not: who acts goes by
   what they saw a moment ago. */
#ifdef STALE
#define ROW(guards, effect, claim, next) (guards && (ends || !stopped)) -> atomic { effect; claim; st[h] = next; check() }
#else
#define ROW(guards, effect, claim, next) atomic { (guards && (ends || !stopped)) -> effect; claim; st[h] = next; check() }
#endif

/* Everybody who acts: any side of any handover, at any moment, with a request that is in order (ok) or
   not, and with any people named as regisseur and stand-in. The last options are reading, and what
   happens to a handover while it runs. */
proctype Anybody() {
  bit ok, ends;
  byte h, r, s;
end:
  do
  :: !stopped ->
     atomic {
       if :: h = 0 :: h = 1 fi;
       if :: ok = 0 :: ok = 1 fi;
       if :: r = 0 :: r = 2 :: r = RECEIVER(h) fi;
       if :: s = 1 :: s = 2 fi;
       if
       ROWS_sender
       ROWS_receiver
       ROWS_family
       :: OPENS(h, 0) -> assert(SEEN(h) && COVERED(0) && !OVER(h))
       :: OPENS(h, 1) -> assert(SEEN(h) && COVERED(1) && !OVER(h))
       :: consent[0] < 2 -> consent[0]++
       :: consent[1] < 2 -> consent[1]++
       :: consent[2] < 2 -> consent[2]++
       :: running[h] && !expired[h] -> expired[h] = 1
       :: h == 0 && door == 0 && !GONE(0) -> door = 1
       :: h == 0 && door == 1 -> door = 0
       :: h == 0 && door == 1 -> door = 2
       /* The regisseur of the first school leaves: the stand-in leads from that instant (R1) ... */
       :: !left && seat[0] && reg == 0 -> left = 1; seat[0] = 0
       /* ... and appoints; a stand-in works for an organisation that stays. */
       :: !seat[reg] && standin == 2 && seat[1] && at == 0 -> reg = 1
       :: else
       fi;
       check();
       /* What closes after the case has come, or gone elsewhere, changes nothing of this handover. */
       if :: GONE(0) -> door = 0 :: else fi;
       h = 0; ok = 0; r = 0; s = 0
     }
  :: atomic { stopped = 1 } -> break
  :: stopped -> break
  od
}

/* From wherever it is, a handover can be ended by whoever is there. */
proctype Ends(byte h) {
  bit ok = 1, ends = 1; byte r = 2, s = 2;
  stopped;
  do
  ROWS_ending
  :: ENDED(h) -> break
  od;
  assert(ENDED(h))
}

init {
  atomic {
    seat[0] = 1; seat[1] = 1; seat[2] = 1;
    place[0] = 1;
    if :: adult = 0 :: adult = 1 fi;
    check();
    run Anybody();
#ifdef STALE
    run Anybody();
#endif
    run Ends(0); run Ends(1)
  }
}
