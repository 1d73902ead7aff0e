// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/mark_history.h"

#include "ui/timeline/view_state.h"

#include <utility>

namespace poolscope {

namespace {

/// From one set of marks to another: they are few, so both are kept whole.
class ChangeMarks : public QUndoCommand
{
public:
    ChangeMarks(ViewState& state, Marks after, const QString& what)
        : QUndoCommand(what)
        , m_state(state)
        , m_before(state.marks())
        , m_after(std::move(after))
    {}

    void undo() override { m_state.setMarks(m_before); }
    void redo() override { m_state.setMarks(m_after); }

private:
    ViewState& m_state;
    const Marks m_before;
    const Marks m_after;
};

} // namespace

MarkHistory::MarkHistory(ViewState& state)
    : QUndoStack(&state)
    , m_state(state)
{
    setUndoLimit(kMostSteps);
}

void MarkHistory::change(const Marks& marks, const QString& what)
{
    if (marks != m_state.marks()) {
        push(new ChangeMarks(m_state, marks, what)); // which does it
    }
}

} // namespace poolscope
