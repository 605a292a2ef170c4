// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../src/interfaces/IAutoIds.sol";
import {HostileWallet} from "./Hostile.sol";
import {World} from "./World.sol";

contract AutoIdsTest is World {
    function setUp() public {
        layGround();
    }

    function test_an_id_is_registered_by_a_signature_that_anyone_may_bring() public {
        uint256 id = register(60);
        vm.assertEq(id, VOTERS + 1, "id");
        vm.assertEq(ids.idOf(accountOf(60)), id, "id of account");
        vm.assertEq(ids.controllerOf(id), accountOf(60), "controller");
        vm.assertTrue(ids.isLive(id), "live");
        vm.assertEq(ids.changed(id >> 8) & (1 << (id & 0xff)), 0, "needs no check");
    }

    function test_an_address_has_one_live_id() public {
        IAutoIds.Registration memory r = registration(0, 1, 0, 0);
        bytes memory signed = signature(keyOf(0), registrationDigest(r));
        vm.expectRevert(IAutoIds.AlreadyRegistered.selector);
        ids.register(r, signed, "");
    }

    function test_a_registration_cannot_be_replayed_nor_changed_nor_brought_late() public {
        IAutoIds.Registration memory r = registration(60, 1, 0, 0);
        bytes memory signed = signature(keyOf(60), registrationDigest(r));
        r.kind = 2;
        vm.expectRevert(IAutoIds.WrongSignature.selector);
        ids.register(r, signed, "");
        r.kind = 1;
        vm.chainId(870);
        vm.expectRevert(IAutoIds.WrongSignature.selector);
        ids.register(r, signed, "");
        vm.chainId(31337);
        vm.warp(time() + 1);
        vm.expectRevert(IAutoIds.SignatureExpired.selector);
        ids.register(r, signed, "");
        vm.warp(time() - 1);
        uint256 id = ids.register(r, signed, "");
        vm.prank(accountOf(60));
        ids.deactivate(id);
        vm.expectRevert(IAutoIds.WrongNonce.selector);
        ids.register(r, signed, "");
    }

    function test_an_id_is_never_used_again() public {
        vm.prank(accountOf(0));
        ids.deactivate(1);
        uint256 id = register(0);
        vm.assertEq(id, VOTERS + 1, "new id");
        vm.assertFalse(ids.isLive(1), "old id");
        vm.assertEq(ids.liveControllerOf(1), address(0), "controller of the old id");
        vm.assertEq(ids.idOf(accountOf(0)), id, "id of account");
        vm.prank(accountOf(0));
        vm.expectRevert(IAutoIds.NotLive.selector);
        ids.deactivate(1);
    }

    function test_a_lapsed_id_does_not_come_back_beside_a_new_one() public {
        uint256 old = registerAs(60, 1, 0, uint48(time() + 1 days));
        vm.warp(time() + 2 days);
        vm.assertFalse(ids.isLive(old), "lapsed");
        uint256 id = register(60);
        vm.prank(accountOf(60));
        vm.expectRevert(IAutoIds.NotLive.selector);
        ids.renew(old, 0, 0);
        vm.assertEq(ids.idOf(accountOf(60)), id, "id of account");
    }

    function test_renewal_is_the_issuers_or_ones_own_where_there_is_none() public {
        uint256 own = registerAs(60, 1, 0, uint48(time() + 1 days));
        vm.prank(accountOf(60));
        ids.renew(own, uint48(time() + 9 days), keccak256("new"));
        vm.warp(time() + 2 days);
        vm.assertTrue(ids.isLive(own), "renewed");

        uint256 issued = registerAs(61, 1, 1, 0);
        vm.prank(accountOf(61));
        vm.expectRevert(IAutoIds.NotAuthorised.selector);
        ids.renew(issued, 0, 0);
        vm.prank(accountOf(0));
        ids.renew(issued, uint48(time() + 1), 0);
        vm.assertTrue(ids.isLive(issued), "in its last second but one");
        vm.warp(time() + 2);
        vm.assertFalse(ids.isLive(issued), "over");
    }

    function test_only_the_issuer_revokes_and_for_ever() public {
        uint256 issued = registerAs(60, 1, 1, 0);
        vm.prank(accountOf(60));
        vm.expectRevert(IAutoIds.NotAuthorised.selector);
        ids.revoke(issued);
        vm.prank(accountOf(0));
        ids.revoke(issued);
        vm.assertFalse(ids.isLive(issued), "revoked");
        vm.prank(accountOf(0));
        vm.expectRevert(IAutoIds.NotLive.selector);
        ids.renew(issued, 0, 0);
    }

    function test_an_issuers_end_is_the_end_of_everything_below_it() public {
        uint256 department = registerAs(60, 2, 1, 0);
        uint256 person = issuedBy(60, 61, 1, department);
        uint256 agent = issuedBy(61, 62, 3, person);
        vm.assertTrue(ids.isLive(agent), "live");
        vm.prank(accountOf(60));
        ids.deactivate(department);
        vm.assertFalse(ids.isLive(person), "person");
        vm.assertFalse(ids.isLive(agent), "agent");
        vm.assertFalse(ids.isController(agent, accountOf(62)), "controller of the agent");
        vm.assertTrue(ids.isLive(1), "the company above");
    }

    function test_what_has_an_issuer_needs_a_full_check() public {
        uint256 issued = registerAs(60, 1, 1, 0);
        vm.assertTrue(ids.changed(issued >> 8) & (1 << (issued & 0xff)) != 0, "needs a check");
    }

    function test_an_issuer_chain_has_an_end() public {
        uint256 a = registerAs(60, 2, 1, 0);
        uint256 b = issuedBy(60, 61, 2, a);
        uint256 c = issuedBy(61, 62, 2, b);
        IAutoIds.Registration memory r = registration(63, 1, c, 0);
        bytes memory own = signature(keyOf(63), registrationDigest(r));
        bytes memory consent = signature(keyOf(62), registrationDigest(r));
        vm.expectRevert(IAutoIds.IssuerTooDeep.selector);
        ids.register(r, own, consent);
    }

    function test_an_agent_needs_a_person_or_organisation_and_a_mandate() public {
        IAutoIds.Registration memory r = registration(60, 3, 0, 0);
        bytes memory own = signature(keyOf(60), registrationDigest(r));
        vm.expectRevert(IAutoIds.IssuerRequired.selector);
        ids.register(r, own, "");

        r = registration(60, 3, 1, 0);
        r.certificate = 0;
        own = signature(keyOf(60), registrationDigest(r));
        bytes memory consent = signature(keyOf(0), registrationDigest(r));
        vm.expectRevert(IAutoIds.MandateRequired.selector);
        ids.register(r, own, consent);

        uint256 agent = registerAs(60, 3, 1, 0);
        vm.assertTrue(ids.isLive(agent), "agent");
        r = registration(61, 3, agent, 0);
        own = signature(keyOf(61), registrationDigest(r));
        consent = signature(keyOf(60), registrationDigest(r));
        vm.expectRevert(IAutoIds.IssuerRequired.selector);
        ids.register(r, own, consent);
    }

    function test_nobody_is_issued_without_the_issuers_word() public {
        IAutoIds.Registration memory r = registration(60, 1, 1, 0);
        bytes memory own = signature(keyOf(60), registrationDigest(r));
        vm.expectRevert(IAutoIds.WrongSignature.selector);
        ids.register(r, own, own);
        vm.expectRevert(IAutoIds.WrongSignature.selector);
        ids.register(r, own, "");
    }

    function test_a_bad_registration_among_many_spoils_only_itself() public {
        IAutoIds.Registration[] memory many = new IAutoIds.Registration[](3);
        bytes[] memory signatures = new bytes[](3);
        for (uint256 i; i < 3; ++i) {
            many[i] = registration(60 + i, 1, 0, 0);
            signatures[i] = signature(i == 1 ? 99 : keyOf(60 + i), registrationDigest(many[i]));
        }
        uint256[] memory made = ids.registerMany(many, signatures);
        vm.assertEq(made[0], VOTERS + 1, "first");
        vm.assertEq(made[1], 0, "bad one");
        vm.assertEq(made[2], VOTERS + 2, "last");
    }

    function test_a_smart_account_may_have_an_id_and_harms_nobody_by_refusing() public {
        HostileWallet wallet = new HostileWallet();
        IAutoIds.Registration memory r = registration(60, 2, 0, 0);
        (r.controller, r.nonce) = (address(wallet), 0);
        wallet.set(HostileWallet.Mood.BurnsGas);
        vm.expectRevert(IAutoIds.WrongSignature.selector);
        ids.register(r, "anything", "");
        wallet.set(HostileWallet.Mood.Kind);
        ids.register(r, "anything", "");
    }

    function issuedBy(uint256 by, uint256 voter, uint8 kind, uint256 issuer) internal returns (uint256) {
        IAutoIds.Registration memory r = registration(voter, kind, issuer, 0);
        bytes memory consent = signature(keyOf(by), registrationDigest(r));
        return ids.register(r, signature(keyOf(voter), registrationDigest(r)), consent);
    }
}
