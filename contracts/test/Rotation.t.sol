// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../src/interfaces/IAutoIds.sol";
import {World} from "./World.sol";

/// New controllers, voting keys, linked accounts and attestations.
contract RotationTest is World {
    function setUp() public {
        layGround();
    }

    function test_a_rotation_waits_two_days_and_then_anyone_executes_it() public {
        announce(1, 60, 0);
        vm.warp(time() + 2 days - 1);
        vm.expectRevert(IAutoIds.RotationTooEarly.selector);
        ids.executeRotation(1);
        vm.warp(time() + 1);
        ids.executeRotation(1);
        vm.assertEq(ids.controllerOf(1), accountOf(60), "new controller");
        vm.assertEq(ids.idOf(accountOf(60)), 1, "id of the new one");
        vm.assertEq(ids.idOf(accountOf(0)), 0, "id of the old one");
        vm.assertFalse(ids.isController(1, accountOf(0)), "old controller");
        vm.assertTrue(ids.changed(0) & 2 != 0, "needs a check");
        vm.expectRevert(IAutoIds.NoRotation.selector);
        ids.executeRotation(1);
    }

    function test_a_thiefs_rotation_can_be_taken_back() public {
        announce(1, 60, 0);
        vm.prank(accountOf(1));
        vm.expectRevert(IAutoIds.NotAuthorised.selector);
        ids.cancelRotation(1);
        vm.prank(accountOf(0));
        ids.cancelRotation(1);
        vm.warp(time() + 3 days);
        vm.expectRevert(IAutoIds.NoRotation.selector);
        ids.executeRotation(1);
    }

    function test_nobody_is_given_an_id_against_their_will() public {
        bytes32 digest = rotationDigest(1, accountOf(60), ids.nonces(accountOf(0)));
        bytes memory own = signature(keyOf(0), digest);
        (address to, address by, uint256 nonce) = (accountOf(60), accountOf(0), ids.nonces(accountOf(0)));
        vm.expectRevert(IAutoIds.WrongSignature.selector);
        ids.announceRotation(1, to, by, nonce, time(), own, own);
    }

    function test_who_has_a_live_id_cannot_take_another() public {
        bytes32 digest = rotationDigest(1, accountOf(1), ids.nonces(accountOf(0)));
        (bytes memory own, bytes memory accepted) = (signature(keyOf(0), digest), signature(keyOf(1), digest));
        (address to, address by, uint256 nonce) = (accountOf(1), accountOf(0), ids.nonces(accountOf(0)));
        vm.expectRevert(IAutoIds.AlreadyRegistered.selector);
        ids.announceRotation(1, to, by, nonce, time(), own, accepted);

        announce(1, 60, 0);
        register(60);
        vm.warp(time() + 2 days);
        vm.expectRevert(IAutoIds.AlreadyRegistered.selector);
        ids.executeRotation(1);
    }

    function test_an_announcement_cannot_be_replayed() public {
        uint256 nonce = ids.nonces(accountOf(0));
        bytes32 digest = rotationDigest(1, accountOf(60), nonce);
        (bytes memory own, bytes memory accepted) = (signature(keyOf(0), digest), signature(keyOf(60), digest));
        announce(1, 60, 0);
        vm.prank(accountOf(0));
        ids.cancelRotation(1);
        (address to, address by) = (accountOf(60), accountOf(0));
        vm.expectRevert(IAutoIds.WrongNonce.selector);
        ids.announceRotation(1, to, by, nonce, time(), own, accepted);
    }

    function test_keys_do_not_outlive_the_controller_who_gave_them() public {
        address key = accountOf(77);
        vm.prank(accountOf(0));
        ids.setKey(1, key, address(0), uint48(time() + 30 days));
        vm.assertTrue(ids.keyOk(1, key, address(this)), "key");
        announce(1, 60, 0);
        vm.warp(time() + 2 days);
        ids.executeRotation(1);
        vm.assertFalse(ids.keyOk(1, key, address(this)), "after the rotation");
    }

    function test_keys_have_a_scope_an_end_and_can_be_taken_away() public {
        address key = accountOf(77);
        vm.prank(accountOf(1));
        vm.expectRevert(IAutoIds.NotAuthorised.selector);
        ids.setKey(1, key, address(0), uint48(time() + 1));
        vm.startPrank(accountOf(0));
        ids.setKey(1, key, address(ids), uint48(time() + 1));
        vm.assertTrue(ids.keyOk(1, key, address(ids)), "in scope");
        vm.assertFalse(ids.keyOk(1, key, address(this)), "out of scope");
        vm.assertFalse(ids.keyOk(2, key, address(ids)), "another id");
        vm.warp(time() + 2);
        vm.assertFalse(ids.keyOk(1, key, address(ids)), "over");
        ids.setKey(1, key, address(ids), uint48(time() + 1 days));
        ids.setKey(1, key, address(ids), 0);
        vm.assertFalse(ids.keyOk(1, key, address(ids)), "taken away");
        ids.setKey(1, key, address(ids), uint48(time() + 1 days));
        ids.deactivate(1);
        vm.assertFalse(ids.keyOk(1, key, address(ids)), "of an id that has ended");
    }

    function test_a_platform_account_belongs_to_one_live_id() public {
        bytes32 account = keccak256("salted discord account");
        vm.prank(accountOf(0));
        ids.linkAccount(1, account);
        vm.assertEq(ids.idOfAccount(account), 1, "linked");
        vm.prank(accountOf(1));
        (bool ok, ) = address(ids).call(abi.encodeWithSignature("linkAccount(uint256,bytes32)", 2, account));
        vm.assertFalse(ok, "taken");
        vm.prank(accountOf(0));
        ids.deactivate(1);
        vm.assertEq(ids.idOfAccount(account), 0, "of an id that has ended");
        vm.prank(accountOf(1));
        ids.linkAccount(2, account);
        vm.assertEq(ids.idOfAccount(account), 2, "free again");
    }

    function test_only_organisations_attest_and_a_claim_has_one_holder() public {
        uint256 company = registerAs(60, 2, 0, 0);
        vm.startPrank(accountOf(60));
        ids.attest(1, "solidity", 80);
        ids.claim(1, keccak256("passport"));
        (uint8 score, ) = ids.scoreOf(1, company, "solidity");
        vm.assertEq(score, 80, "score");
        vm.assertEq(ids.holderOf(company, keccak256("passport")), 1, "holder");
        vm.expectRevert();
        ids.claim(2, keccak256("passport"));
        vm.expectRevert();
        ids.attest(1, "solidity", 101);
        vm.stopPrank();
        vm.prank(accountOf(1));
        vm.expectRevert();
        ids.attest(1, "solidity", 80);
    }

    /// Whatever happens to ids: an address has at most one live id, and it is the one that `idOf` says.
    function testFuzz_an_address_never_controls_two_live_ids(uint256 seed) public {
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (uint256 voter, uint256 id) = (seed % 4, ((seed >> 8) % ids.total()) + 1);
            uint256 act = (seed >> 16) % 5;
            if (act == 0 && ids.idOf(accountOf(voter)) == 0) registerAs(voter, 1, 0, uint48(time() + 1 days));
            if (act == 1 && id <= 4) announceQuietly(id, 60 + (seed >> 24) % 2);
            if (act == 2) vm.warp(time() + 12 hours);
            if (act == 3) try ids.executeRotation(id) {} catch {}
            if (act == 4) {
                vm.prank(accountOf(voter));
                try ids.deactivate(id) {} catch {}
            }
        }
        for (uint256 id = 1; id <= ids.total(); ++id) {
            if (ids.isLive(id)) vm.assertEq(ids.idOf(ids.controllerOf(id)), id, "the live id of its controller");
            if (!ids.isLive(id)) vm.assertEq(ids.liveControllerOf(id), address(0), "nobody speaks for a dead id");
        }
    }

    function announceQuietly(uint256 id, uint256 to) private {
        uint256 nonce = ids.nonces(accountOf(id - 1));
        bytes32 digest = rotationDigest(id, accountOf(to), nonce);
        (bytes memory own, bytes memory accepted) = (signature(keyOf(id - 1), digest), signature(keyOf(to), digest));
        address by = accountOf(id - 1);
        try ids.announceRotation(id, accountOf(to), by, nonce, time(), own, accepted) {} catch {}
    }
}
