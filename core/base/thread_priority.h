// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

/// Leaves the processors to others: the calling thread gets what they have no use for, and a sixtieth of what they
/// want. For work that takes long, that nobody waits for and that must not disturb a run that is measured.
void stepBack();

/// Asks the scheduler for turns of 0.1 ms instead of its usual milliseconds: the calling thread gets no more of the
/// processors than before, but is let in at once when it has something to do. For a thread that seldom has, and then must
/// not be late. Threads that it starts have usual turns. Linux before 6.12 takes no notice.
void takeShortTurns();

} // namespace poolscope
