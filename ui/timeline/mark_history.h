// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUndoStack>

namespace poolscope {

class ViewState;
struct Marks;

/// What the user did to the marks of the run that is shown, to be undone and done again. GUI thread.
class MarkHistory : public QUndoStack
{
    Q_OBJECT

public:
    /// Afterwards nothing is left of what was done longest ago.
    static constexpr int kMostSteps = 200;

    /// \p state owns it.
    explicit MarkHistory(ViewState& state);

    /// Gives the state these marks, unless it has them. \p what: to be read after "Undo", e.g. "remove bookmark".
    void change(const Marks& marks, const QString& what);

private:
    ViewState& m_state;
};

} // namespace poolscope
