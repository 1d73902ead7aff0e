// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

QT_FORWARD_DECLARE_CLASS(QAction)

namespace poolscope {

/// A push button that shows an action, as a tool button does, and triggers it. GUI thread.
class ActionButton : public QPushButton
{
    Q_OBJECT

public:
    using QPushButton::QPushButton;

    /// \p action must outlive the button. Called once.
    void setAction(QAction* action);
    [[nodiscard]] QAction* action() const { return m_action; }

private:
    void showAction();

    QAction* m_action = nullptr;
};

} // namespace poolscope
