// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {IdVotes} from "../src/dao/IdVotes.sol";
import {World} from "./World.sol";

/// One vote for each Auto ID that is a member. Voters 0 to 9 found the club; 40 is an agent, 41 an organisation.
contract ClubTest is World {
    uint256 private constant FOUNDERS = 10;
    uint256 private constant AGENT = 40;
    uint256 private constant ATTESTOR = 41;
    bytes32 private constant TOPIC = "humanity";

    IdVotes private club;
    uint256 private proposal;

    function setUp() public {
        layGround();
        registerAs(AGENT, 3, 1, 0);
        registerAs(ATTESTOR, 2, 0, 0);
        makeClub(IdVotes.Entry(0, 0, false, 0));
    }

    function test_a_club_is_made_with_its_founders_each_with_one_vote() public {
        (, , , address foretold) = factory.predict(address(this), 0);
        vm.assertEq(address(club), foretold, "address");
        vm.assertEq(club.totalSupply(), FOUNDERS, "founders");
        vm.assertEq(club.getVotes(accountOf(3)), 1, "one vote");
        vm.assertEq(club.getVotes(accountOf(FOUNDERS)), 0, "a stranger");
        vm.assertEq(club.timelock(), address(timelock), "the DAO's");
        vm.expectRevert(bytes4(keccak256("InvalidInitialization()")));
        club.initialize("Thief", "T", address(this), IdVotes.Entry(0, 0, false, 0), list(1, 1));
    }

    function test_founders_who_may_not_be_members_make_no_club() public {
        AutoDaoFactory.DaoParams memory p = clubParams(IdVotes.Entry(0, 0, false, 0));
        p.salt = "another";
        p.founders = list(1, 2);
        p.founders[1] = AGENT + 1;
        refused(p, AutoDaoFactory.BadFounders.selector);
        p.founders[1] = 1;
        refused(p, AutoDaoFactory.BadFounders.selector);
        p.founders[1] = 999;
        refused(p, AutoDaoFactory.BadFounders.selector);
        p.founders = list(1, 2);
        p.proposalThreshold = 3;
        refused(p, AutoDaoFactory.BadThreshold.selector);
    }

    function test_members_count_one_each_by_ballot_and_by_wallet_and_pass_a_proposal() public {
        open();
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 1, 1, 2), ballot(proposal, 2, 1, 2), ballot(proposal, 3, 1, 1)));
        castAs(4, 2);
        castAs(5, 1);
        expectVotes(1, 3, 1);
        vm.assertEq(dao.check(proposal, ballot(proposal, FOUNDERS, 1, 2)), hex"04", "a stranger");
        vm.warp(dao.proposalDeadline(proposal) + 1);
        vm.assertEq(uint8(dao.state(proposal)), 4, "succeeded");
    }

    function test_anybody_brings_in_anybody_to_an_open_club_but_no_agent() public {
        vm.assertEq(club.join(list(1, 42)), 31, "the others");
        vm.assertEq(club.totalSupply(), 41, "count");
        vm.assertEq(club.getVotes(accountOf(AGENT)), 0, "no agent");
        vm.assertEq(club.join(list(1, 50)), 0, "again");
    }

    function test_who_joins_after_the_snapshot_has_no_vote() public {
        open();
        club.join(list(FOUNDERS + 1, 1));
        vm.assertEq(dao.check(proposal, ballot(proposal, FOUNDERS, 1, 2)), hex"04", "by ballot");
        castAs(FOUNDERS, 1);
        expectVotes(0, 0, 0);
    }

    function test_who_left_votes_on_what_was_open_then_and_comes_back_alone() public {
        open();
        vm.prank(accountOf(1));
        club.leave();
        castAs(1, 1);
        expectVotes(0, 1, 0);
        vm.assertEq(club.totalSupply(), FOUNDERS - 1, "one less");
        vm.assertEq(club.join(list(2, 1)), 0, "by another");
        vm.prank(accountOf(1));
        vm.assertEq(club.join(list(2, 1)), 1, "by an own call");
        vm.assertEq(club.totalSupply(), FOUNDERS, "back");
        vm.prank(accountOf(FOUNDERS));
        vm.expectRevert(IdVotes.NotAMember.selector);
        club.leave();
    }

    function test_who_was_removed_comes_back_only_by_the_dao() public {
        vm.expectRevert(IdVotes.OnlyTimelock.selector);
        club.remove(2);
        vm.prank(address(timelock));
        club.remove(2);
        vm.assertEq(club.getVotes(accountOf(1)), 0, "removed");
        vm.prank(accountOf(1));
        vm.assertEq(club.join(list(2, 1)), 0, "by an own call");
        vm.prank(address(timelock));
        vm.assertEq(club.join(list(2, 1)), 1, "by the DAO");
    }

    function test_an_id_that_ended_votes_no_more_and_leaves_the_count_when_anybody_says_so() public {
        open();
        vm.prank(accountOf(1));
        ids.deactivate(2);
        vm.assertEq(dao.check(proposal, ballot(proposal, 1, 1, 2)), hex"05", "by ballot");
        castAs(1, 1);
        expectVotes(0, 0, 0);
        vm.assertEq(club.totalSupply(), FOUNDERS, "still counted");
        club.join(list(2, 1));
        vm.assertEq(club.totalSupply(), FOUNDERS - 1, "no more");
        // A new id of the same account is a new member.
        uint256 id = register(1);
        vm.assertEq(club.join(list(id, 1)), 1, "joins");
        vm.assertEq(club.getVotes(accountOf(1)), 1, "one vote");
    }

    function test_a_new_id_takes_the_place_of_an_ended_one_of_the_same_account() public {
        vm.prank(accountOf(1));
        ids.deactivate(2);
        uint256 id = register(1);
        vm.assertEq(club.join(list(id, 1)), 1, "joins");
        vm.assertEq(club.totalSupply(), FOUNDERS, "not counted twice");
        vm.assertEq(club.join(list(2, 1)), 0, "the ended one");
    }

    function test_an_id_that_moves_never_votes_from_two_accounts() public {
        uint256 to = 45;
        announce(2, to, 1);
        vm.warp(time() + ids.ROTATION_DELAY());
        open();
        ids.executeRotation(2);
        club.join(list(2, 1));
        vm.assertEq(club.getVotes(accountOf(1)), 0, "from the old account");
        vm.assertEq(club.getVotes(accountOf(to)), 1, "from the new one");
        vm.assertEq(club.totalSupply(), FOUNDERS, "count");
        castAs(1, 1);
        castAs(to, 1);
        expectVotes(0, 0, 0);
    }

    function test_an_attested_club_takes_in_who_has_the_score_and_whom_the_dao_likes() public {
        makeClub(IdVotes.Entry(uint32(ATTESTOR + 1), 60, false, TOPIC));
        vm.assertEq(club.totalSupply(), FOUNDERS, "founders need none");
        attest(20, 59);
        vm.assertEq(club.join(list(21, 1)), 0, "too low");
        attest(20, 60);
        vm.assertEq(club.join(list(21, 1)), 1, "enough");
        vm.prank(address(timelock));
        vm.assertEq(club.join(list(22, 1)), 1, "by the DAO");
    }

    function test_the_door_is_changed_by_the_dao_alone_and_only_to_one_that_opens() public {
        IdVotes.Entry memory entry = IdVotes.Entry(uint32(ATTESTOR + 1), 60, true, TOPIC);
        vm.expectRevert(IdVotes.OnlyTimelock.selector);
        club.setEntry(entry);
        vm.prank(address(timelock));
        club.setEntry(entry);
        attest(AGENT, 60);
        vm.assertEq(club.join(list(AGENT + 1, 1)), 1, "agents too");
        IdVotes.Entry[4] memory bad = [entry, entry, entry, entry];
        bad[0].attestor = 1;
        bad[1].attestor = 0;
        bad[2].minScore = 0;
        bad[3].minScore = 101;
        for (uint256 i; i < 4; ++i) {
            vm.prank(address(timelock));
            vm.expectRevert(IdVotes.NotAnAttestor.selector);
            club.setEntry(bad[i]);
        }
    }

    function test_a_membership_is_no_ones_to_give() public {
        vm.prank(accountOf(1));
        vm.expectRevert(IdVotes.CannotDelegate.selector);
        club.delegate(accountOf(2));
        vm.assertEq(club.delegates(accountOf(1)), accountOf(1), "its own");
        uint256 now_ = time();
        vm.expectRevert(abi.encodeWithSelector(IdVotes.NotYetPast.selector, now_));
        club.getPastVotes(accountOf(1), now_);
    }

    /// Whoever joins, leaves, is removed, moves or ends, in any order: the count is the members, and each has one account.
    function testFuzz_the_count_is_the_members_and_no_account_has_two_votes(uint256 seed) public {
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 id = 1 + ((seed >> 8) % 20);
            if ((seed >> 16) % 3 == 0) vm.warp(time() + 1);
            act(seed % 6, id);
            uint256 members;
            uint256 votes;
            for (uint256 k = 1; k <= ids.total(); ++k) {
                (, IdVotes.Standing standing) = club.memberOf(k);
                if (standing == IdVotes.Standing.Member) ++members;
            }
            for (uint256 voter; voter < 20; ++voter) {
                uint256 weight = club.getVotes(accountOf(voter));
                vm.assertLe(weight, 1, "one account, one vote");
                votes += weight;
            }
            vm.assertEq(club.totalSupply(), members, "count");
            vm.assertLe(votes, members, "never more votes than members");
        }
    }

    function act(uint256 what, uint256 id) private {
        address account = ids.controllerOf(id);
        if (what < 2) {
            club.join(list(id, 3));
        } else if (what == 2) {
            vm.prank(account);
            try club.leave() {} catch {}
        } else if (what == 3) {
            vm.prank(address(timelock));
            try club.remove(id) {} catch {}
        } else if (what == 4) {
            vm.prank(account);
            try ids.deactivate(id) {} catch {}
        } else if (ids.idOf(accountOf(id - 1)) == 0) {
            uint256 fresh = register(id - 1);
            if (fresh % 2 == 0) club.join(list(fresh, 1));
        }
    }

    function clubParams(IdVotes.Entry memory entry) private view returns (AutoDaoFactory.DaoParams memory p) {
        p = params(false);
        (p.holders, p.amounts) = (new address[](0), new uint256[](0));
        p.founders = list(1, FOUNDERS);
        (p.entry, p.quorumPercent) = (entry, 20);
        if (entry.attestor != 0) p.salt = "attested";
    }

    function makeClub(IdVotes.Entry memory entry) private {
        makeDao(clubParams(entry));
        club = IdVotes(address(token));
        dao.enrol(list(1, 42));
    }

    function open() private {
        proposal = openProposal();
    }

    function attest(uint256 voter, uint8 score) private {
        vm.prank(accountOf(ATTESTOR));
        ids.attest(voter + 1, TOPIC, score);
    }

    function castAs(uint256 voter, uint8 support) private {
        vm.prank(accountOf(voter));
        dao.castVote(proposal, support);
    }

    function refused(AutoDaoFactory.DaoParams memory p, bytes4 why) private {
        vm.expectRevert(why);
        factory.create(p);
    }

    function expectVotes(uint256 against, uint256 inFavour, uint256 abstain) private view {
        (uint256 a, uint256 f, uint256 z) = dao.proposalVotes(proposal);
        vm.assertEq(a, against, "against");
        vm.assertEq(f, inFavour, "for");
        vm.assertEq(z, abstain, "abstain");
    }
}
