// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {Mesh} from "./Mesh.sol";
import {Test} from "./Vm.sol";

/// Everything that sponsors, DAOs, objectors and passers-by may do with one challenge, in any order; remembers what went in and
/// what came out.
contract Boatyard is Mesh {
    uint256 public paidIn;
    uint256 public paidOut;
    address[] private people = [ann, bob, eve, TREASURY, accountOf(1), accountOf(2), accountOf(3), accountOf(4)];

    constructor() {
        layMesh();
        toWork();
        paidIn = BUDGET + challenge.planBond();
    }

    function wait(uint256 x) external {
        vm.warp(time() + bound(x, 1, 4 days));
    }

    function bid(uint256 x, uint256 dao, uint256 coins) external {
        (dao, coins) = (bound(dao, 1, 4), bound(coins, 75, 300));
        vm.prank(accountOf(dao));
        try challenge.bid(x % 3, dao, coins * COIN) {
            paidIn += coins * COIN;
        } catch {}
    }

    function withdrawBid(uint256 x, uint256 dao) external {
        dao = bound(dao, 1, 4);
        vm.prank(accountOf(dao));
        try challenge.withdrawBid(x % 3, dao) {} catch {}
    }

    function hurry(uint256 x) external {
        uint256 task = x % 3;
        uint256 until = challenge.taskAt(task).until;
        if (until >= time()) vm.warp(until + 1);
        try challenge.pokeTask(task) {} catch {}
    }

    function poke() external {
        try challenge.poke() {} catch {}
    }

    function work(uint256 x) external {
        uint256 task = x % 3;
        IChallenge.Task memory t = challenge.taskAt(task);
        if (t.state != IChallenge.TaskState.Assigned || t.until < time()) return;
        deliver(task, t.assignee);
    }

    function object(uint256 x) external {
        uint256 bond = challenge.objectionBond(x % 3);
        vm.prank(eve);
        try challenge.object(x % 3, "") {
            paidIn += bond;
        } catch {}
    }

    function rateWork(uint256 x, uint8 rating) external {
        address who = x % 2 == 0 ? ann : bob;
        bytes32 commitment = challenge.ratingCommitmentOf(x % 3, 0, who, rating % 101, SALT);
        vm.prank(who);
        try challenge.commitRating(x % 3, 0, commitment) {} catch {}
    }

    function showRating(uint256 x, uint8 rating) external {
        vm.prank(x % 2 == 0 ? ann : bob);
        try challenge.revealRating(x % 3, 0, rating % 101, "", SALT) {} catch {}
    }

    function judgeWhole(uint256 x, uint32 returned) external {
        vm.prank(x % 2 == 0 ? ann : bob);
        try challenge.judgeManifest(returned % 4, "") {} catch {}
    }

    function fetch(uint256 x) external {
        try challenge.withdraw(people[x % people.length]) returns (uint256 amount) {
            paidOut += amount;
        } catch {}
        try challenge.refund(x % 2 == 0 ? ann : bob) returns (uint256 amount) {
            paidOut += amount;
        } catch {}
    }

    function reclaim(uint256 x) external {
        try challenge.reclaim(people[x % people.length]) {} catch {}
    }

    /// What the escrow owes, in every form: credits, stakes, bonds, and what is left of the budget.
    function check() external view {
        uint256 holds = coin.balanceOf(address(challenge));
        vm.assertEq(holds, paidIn - paidOut, "in less out");
        uint256 owed = _credits() + _stakes();
        bool over = challenge.state() != IChallenge.State.Working;
        if (!over) vm.assertEq(holds, owed + BUDGET, "the whole budget, and everything else once");
        uint256 refunds = challenge.refundOf(ann) + challenge.refundOf(bob);
        if (over) {
            vm.assertLe(owed + refunds, holds, "never more than it holds");
            vm.assertLe(holds, owed + refunds + 2, "and nothing is locked in");
        }
        uint256 pay;
        for (uint256 i; i < 3; ++i) {
            pay += challenge.taskAt(i).payout;
        }
        vm.assertEq(pay, BUDGET, "weights conserved");
        _checkOpenTasks();
    }

    /// From wherever it is, time and passers-by alone bring the challenge to its end and everybody to their money.
    function checkExit() external {
        for (uint256 i; i < 40 && challenge.state() == IChallenge.State.Working; ++i) {
            vm.warp(time() + 30 days);
            for (uint256 task; task < 3; ++task) {
                try challenge.pokeTask(task) {} catch {}
            }
            try challenge.poke() {} catch {}
        }
        vm.assertTrue(challenge.state() != IChallenge.State.Working, "an exit");
        for (uint256 task; task < 3; ++task) {
            for (uint256 dao = 1; dao <= 4; ++dao) {
                try challenge.withdrawBid(task, dao) {} catch {}
            }
        }
        for (uint256 i; i < people.length; ++i) {
            try challenge.withdraw(people[i]) {} catch {}
        }
        for (uint256 i; i < 2; ++i) {
            try challenge.refund(i == 0 ? ann : bob) {} catch {}
        }
        vm.assertLe(coin.balanceOf(address(challenge)), 2, "everybody has their money");
        for (uint256 dao = 1; dao <= 4; ++dao) {
            vm.assertEq(mesh.openTasks(dao), 0, "nothing open");
        }
    }

    function _credits() private view returns (uint256 sum) {
        for (uint256 i; i < people.length; ++i) {
            sum += challenge.creditOf(people[i]);
        }
    }

    function _stakes() private view returns (uint256 sum) {
        for (uint256 i; i < 3; ++i) {
            IChallenge.Task memory t = challenge.taskAt(i);
            sum += t.stake + t.bond;
            IChallenge.Bid[] memory bids = challenge.bidsOf(i);
            for (uint256 j; j < bids.length; ++j) {
                sum += bids[j].stake;
            }
        }
    }

    function _checkOpenTasks() private view {
        uint256[5] memory open;
        for (uint256 i; i < 3; ++i) {
            IChallenge.Task memory t = challenge.taskAt(i);
            if (t.assignee != 0 && !t.settled) ++open[t.assignee];
        }
        for (uint256 dao = 1; dao <= 4; ++dao) {
            vm.assertEq(mesh.openTasks(dao), open[dao], "open tasks");
        }
    }
}

contract MeshInvariant is Test {
    Boatyard private yard;

    function setUp() public {
        yard = new Boatyard();
    }

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(yard);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = Boatyard.wait.selector;
        selectors[1] = Boatyard.bid.selector;
        selectors[2] = Boatyard.withdrawBid.selector;
        selectors[3] = Boatyard.hurry.selector;
        selectors[4] = Boatyard.poke.selector;
        selectors[5] = Boatyard.work.selector;
        selectors[6] = Boatyard.object.selector;
        selectors[7] = Boatyard.rateWork.selector;
        selectors[8] = Boatyard.showRating.selector;
        selectors[9] = Boatyard.judgeWhole.selector;
        selectors[10] = Boatyard.fetch.selector;
        selectors[11] = Boatyard.reclaim.selector;
        list[0] = FuzzSelector(address(yard), selectors);
    }

    function invariant_the_escrow_owes_what_it_holds_once_and_every_state_has_an_exit() public {
        yard.check();
    }

    function afterInvariant() public {
        yard.checkExit();
    }
}
