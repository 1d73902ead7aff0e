// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

namespace poolscope {

/// Shares an object that counts its own references (addRef(), release()): one allocation less than
/// std::shared_ptr, and a reference can be carried through a plain pointer.
template <class T>
class IntrusivePtr
{
public:
    IntrusivePtr() = default;
    /// Adds a reference.
    explicit IntrusivePtr(T* object) noexcept
        : m_object(object)
    {
        if (m_object != nullptr) {
            m_object->addRef();
        }
    }
    /// Takes over a reference that was counted already.
    static IntrusivePtr adopt(T* object) noexcept
    {
        IntrusivePtr pointer;
        pointer.m_object = object;
        return pointer;
    }
    IntrusivePtr(const IntrusivePtr& other) noexcept
        : IntrusivePtr(other.m_object)
    {}
    template <class U>
    IntrusivePtr(const IntrusivePtr<U>& other) noexcept
        : IntrusivePtr(other.get())
    {}
    IntrusivePtr(IntrusivePtr&& other) noexcept
        : m_object(std::exchange(other.m_object, nullptr))
    {}
    template <class U>
    IntrusivePtr(IntrusivePtr<U>&& other) noexcept
        : m_object(other.detach())
    {}
    ~IntrusivePtr()
    {
        if (m_object != nullptr) {
            m_object->release();
        }
    }
    IntrusivePtr& operator=(IntrusivePtr other) noexcept
    {
        std::swap(m_object, other.m_object);
        return *this;
    }

    [[nodiscard]] T* get() const noexcept { return m_object; }
    T* operator->() const noexcept { return m_object; }
    T& operator*() const noexcept { return *m_object; }
    explicit operator bool() const noexcept { return m_object != nullptr; }
    /// Gives the reference away uncounted; see adopt().
    [[nodiscard]] T* detach() noexcept { return std::exchange(m_object, nullptr); }

private:
    T* m_object = nullptr;
};

} // namespace poolscope
