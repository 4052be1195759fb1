#pragma once

#include <array>

#include "contracts/fixture.h"

namespace csauth::contracts {

inline devices::DeviceClaim claim(std::string_view token, std::string_view name = "") {
    return {.push_token = *devices::PushToken::parse(token),
            .type = devices::DeviceType::ios,
            .name = std::string{name}};
}

inline void a_push_token_finds_its_device_and_moves_between_users(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto first = add_session(p, ann, claim("token-1", "Ann's phone"));
    const auto again = add_session(p, ann, {.push_token = *devices::PushToken::parse("token-1")});
    BOOST_CHECK(first.device.id == again.device.id);
    BOOST_TEST(again.device.name == "Ann's phone");
    BOOST_CHECK(again.device.type == devices::DeviceType::ios);
    const auto moved = add_session(p, bob, claim("token-1"));
    BOOST_CHECK(moved.device.id != first.device.id);
    const auto back = add_session(p, ann, claim("token-1"));
    BOOST_CHECK(back.device.id != moved.device.id);
}

inline void a_proven_device_is_found_again_if_it_is_the_users(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto laptop = add_session(p, ann, {.type = devices::DeviceType::web, .name = "Laptop"});
    const auto again = add_session(p, ann, {.name = "Old laptop", .recognized = laptop.device.id});
    BOOST_CHECK(again.device.id == laptop.device.id);
    BOOST_TEST(again.device.name == "Old laptop");
    BOOST_CHECK(again.device.type == devices::DeviceType::web);
    BOOST_CHECK(add_session(p, bob, {.recognized = laptop.device.id}).device.id != laptop.device.id);

    // A push token moves to the recognized device from the device that had it.
    const auto phone = add_session(p, bob, claim("token-1"));
    auto both = claim("token-1");
    both.recognized = laptop.device.id;
    BOOST_CHECK(add_session(p, ann, both).device.id == laptop.device.id);
    BOOST_TEST(p.devices.find(laptop.device.id, ann)->push_token.value() == "token-1");
    BOOST_TEST(!p.devices.find(phone.device.id, bob)->push_token.has_value());
}

inline void a_device_is_changed_and_removed_by_its_user(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto first = add_session(p, ann);
    const auto second = add_session(p, ann, {}, kNow + 1s);
    const DeviceId id = first.device.id;
    BOOST_TEST(!p.devices.find(id, bob).has_value());
    BOOST_TEST(!p.devices.remove(id, bob));
    p.devices.change(id, ann, {.type = devices::DeviceType::desktop, .name = "Mill"});
    p.devices.change(id, ann, {});
    BOOST_TEST(p.devices.find(id, ann)->device.name == "Mill");
    BOOST_CHECK(p.devices.find(id, ann)->device.type == devices::DeviceType::desktop);
    p.devices.set_push_token(id, ann, *devices::PushToken::parse("token-9"));
    p.devices.set_push_token(second.device.id, ann, *devices::PushToken::parse("token-9"));
    BOOST_TEST(!p.devices.find(id, ann)->push_token.has_value());
    p.devices.set_push_token(second.device.id, ann, std::nullopt);
    BOOST_TEST(!p.devices.find(second.device.id, ann)->push_token.has_value());

    p.devices.forget_oldest(ann, 0);  // keeps devices with a live session
    BOOST_TEST(p.devices.page_of(ann, {}, 1000).size() == 2U);
    const auto third = add_session(p, ann, {}, kNow + 2s);
    p.sessions.end(third.id, ann, sessions::EndReason::signed_out, kNow);
    p.devices.forget_oldest(ann, 1);
    BOOST_TEST(p.devices.page_of(ann, {}, 1000).size() == 3U);
    p.devices.forget_oldest(ann, 0);
    BOOST_TEST(p.devices.page_of(ann, {}, 1000).size() == 2U);

    BOOST_CHECK(p.devices.page_of(ann, std::nullopt, 1).at(0).device.id == second.device.id);
    BOOST_CHECK(p.devices.page_of(ann, second.device.id, 5).at(0).device.id == id);
    BOOST_TEST(p.devices.page_of(ann, id, 5).empty());
    BOOST_TEST(p.devices.remove(id, ann));
    BOOST_TEST(!p.devices.remove(id, ann));
    BOOST_TEST(!p.sessions.find_live(first.id, kNow).has_value());
    BOOST_TEST(p.sessions.find_live(second.id, kNow).has_value());
}

inline void pushes_go_to_devices_with_a_session_and_a_push_token(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto phone = add_session(p, ann, claim("token-1"));
    add_session(p, ann);
    add_session(p, bob, claim("token-2"));
    const std::array both{ann, bob};
    const std::array one{ann};
    BOOST_TEST(p.devices.push_targets(both, 100, kNow).size() == 2U);
    BOOST_TEST(p.devices.push_targets(both, 1, kNow).size() == 1U);
    const auto of_ann = p.devices.push_targets(one, 100, kNow);
    BOOST_REQUIRE(of_ann.size() == 1U);
    BOOST_TEST(of_ann[0].push_token == "token-1");
    BOOST_CHECK(of_ann[0].user == ann);
    p.sessions.end(phone.id, ann, sessions::EndReason::signed_out, kNow);
    BOOST_TEST(p.devices.push_targets(one, 100, kNow).empty());
}

inline void a_device_without_a_session_loses_its_push_token(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto phone = add_session(p, ann, claim("token-1"));
    const auto tablet = add_session(p, ann, claim("token-2"));
    p.sessions.end(phone.id, ann, sessions::EndReason::signed_out, kNow);
    p.devices.detach_idle(ann, kNow);
    BOOST_CHECK(add_session(p, ann, claim("token-1")).device.id != phone.device.id);
    BOOST_CHECK(add_session(p, ann, claim("token-2")).device.id == tablet.device.id);
    p.sessions.end_all(ann, std::nullopt, sessions::EndReason::signed_out, kNow);
    p.devices.detach_idle(ann, kNow);
}

inline constexpr Contract kDevices[] = {
    {"a_push_token_finds_its_device_and_moves_between_users",
     a_push_token_finds_its_device_and_moves_between_users},
    {"a_proven_device_is_found_again_if_it_is_the_users", a_proven_device_is_found_again_if_it_is_the_users},
    {"a_device_is_changed_and_removed_by_its_user", a_device_is_changed_and_removed_by_its_user},
    {"pushes_go_to_devices_with_a_session_and_a_push_token",
     pushes_go_to_devices_with_a_session_and_a_push_token},
    {"a_device_without_a_session_loses_its_push_token", a_device_without_a_session_loses_its_push_token},
};

}  // namespace csauth::contracts
