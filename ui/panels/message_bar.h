// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QFrame>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

/// A line of text on top of the window that says what went wrong or what was done, until it is closed
/// or a newer one comes. Never takes the focus. GUI thread.
class MessageBar : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Error, Information };

    explicit MessageBar(QWidget* parent = nullptr);

    /// \p action: what its button says, empty: it has none.
    void showMessage(Kind kind, const QString& text, const QString& action = {});
    [[nodiscard]] QString text() const;
    [[nodiscard]] Kind kind() const { return m_kind; }
    void setTheme(const Theme& theme);

signals:
    /// The message's button was pressed; the message is gone.
    void actionTriggered();

private:
    void updateLook();

    QLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_action;
    QToolButton* m_close;
    Kind m_kind = Kind::Information;
    Theme m_theme;
};

} // namespace poolscope
